import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type PublicReads, publicNow } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import { CLOCK_STEP_MS, type Representation, type Represented, validated } from '../../http/conditional.ts';
import { changedAt } from '../../publications/news.rules.ts';
import { isLowerCaseUuid } from '../../uuid.ts';
import type { DocumentFormat, Feed } from './feed.ts';
import { readFeedFilter } from './feed-filter.ts';
import { DOCUMENT_FORMATS, FEEDS } from './feeds.ts';
import { Renderings } from './renderings.ts';

/** Short, because clients poll and an alert should not wait for them; an old answer is better than none while the hub is away. */
const CACHE_CONTROL = 'public, max-age=30, stale-if-error=86400';

/** Serves every feed, rendered once for each filter and version of the board, and every format of a single publication. */
export function mountFeeds(server: FastifyInstance, reads: PublicReads, represented: Represented): void {
  const renderings = new Renderings(reads.board);
  for (const feed of FEEDS) server.get(feed.path, represented(feedOf(reads, renderings, feed)));
  for (const format of DOCUMENT_FORMATS) server.get(format.path, represented(formatOf(reads, format)));
}

const feedOf =
  (reads: PublicReads, renderings: Renderings, { path, mediaType, parameters, write }: Feed) =>
  ({ query }: FastifyRequest): Representation => {
    const filter = readFeedFilter(query, reads.territory, parameters);
    const { territory, publicUrl } = reads;
    const selfUrl = `${publicUrl}${path}${filter.query}`;
    const setting = { territory, publicUrl, language: filter.language };
    const rendering = renderings.renderingFor(selfUrl, () => write({ reads, filter, setting, selfUrl }));
    return { ...rendering, mediaType, cacheControl: CACHE_CONTROL };
  };

const formatOf =
  (reads: PublicReads, { ending, mediaType, write, missing }: DocumentFormat) =>
  async ({ params: { file }, query }: FastifyRequest<{ Params: { file: string } }>): Promise<Representation> => {
    const { language, match } = readFeedFilter(query, reads.territory, ['language', 'mode']);
    const id = file.endsWith(`.${ending}`) ? file.slice(0, -ending.length - 1) : '';
    const document = isLowerCaseUuid(id) ? await publicNow(reads, id) : undefined;
    const { territory, publicUrl } = reads;
    const text =
      document && match.modes.has(document.mode)
        ? write(document, { territory, publicUrl, language }, reads.board.now)
        : undefined;
    if (!document || text === undefined) throw new HubError('NOT_FOUND', missing(file));
    const until = reads.board.now + CLOCK_STEP_MS;
    return { ...validated(text, instant(changedAt(document))), mediaType, cacheControl: CACHE_CONTROL, until };
  };
