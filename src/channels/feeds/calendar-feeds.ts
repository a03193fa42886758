import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type PublicReads, publicDocument } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import { calendar } from '../../formats/calendar/icalendar.ts';
import { currentText } from '../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { answerConditionally } from './conditional.ts';
import { readFeedFilter } from './feed-filter.ts';
import { type Renderings, rendered } from './rendered.ts';
import { CACHE_CONTROL, documentsOf } from './selection.ts';

const MEDIA_TYPE = 'text/calendar; charset=utf-8';
const ALL = '/feeds/events.ics';
const FILE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.ics$/;

/** Events for calendars: all of them, to subscribe to, and one by itself, for good. */
export function mountCalendars(server: FastifyInstance, reads: PublicReads, renderings: Renderings): void {
  server.get(ALL, async (request, reply) => {
    const filter = readFeedFilter(request.query, reads.territory, ['commune', 'language', 'mode']);
    const found = renderings.get(`${ALL}${filter.query}`, () => {
      const events = documentsOf(reads, filter, 'EVENT', 'and what people ended');
      const soonest = events.sort((a, b) => instant(a.startsAt) - instant(b.startsAt));
      return calendar(soonest, { ...reads, language: filter.language, name: 'Événements en Essonne' });
    });
    return answerConditionally(request, reply, { ...found, mediaType: MEDIA_TYPE, cacheControl: CACHE_CONTROL });
  });

  server.get('/events/:file', async (request: FastifyRequest<{ Params: { file: string } }>, reply) => {
    const { file } = request.params;
    const { language, match } = readFeedFilter(request.query, reads.territory, ['language', 'mode']);
    const id = FILE.exec(file)?.[1];
    const event = id ? await publicDocument(reads, id) : undefined;
    if (event?.kind !== 'EVENT' || !match.modes.has(event.mode))
      throw new HubError('NOT_FOUND', `there is no event ${file}`);
    const name = currentText(event.texts, language).headline;
    const made = rendered(calendar([event], { ...reads, language, name }), lastChange(event));
    return answerConditionally(request, reply, { ...made, mediaType: MEDIA_TYPE, cacheControl: CACHE_CONTROL });
  });
}

const lastChange = ({ revisedAt, cancelled, allClear }: PublicDocument) =>
  instant(cancelled?.at ?? allClear?.at ?? revisedAt);
