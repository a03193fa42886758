import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type PublicReads, publicNow } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import { answerConditionally, validated } from '../../http/conditional.ts';
import { newsAt } from '../../publications/news.rules.ts';
import { isLowerCaseUuid } from '../../uuid.ts';
import type { DocumentFormat, Feed } from './feed.ts';
import { readFeedFilter } from './feed-filter.ts';
import { DOCUMENT_FORMATS, FEEDS } from './feeds.ts';
import type { Renderings } from './renderings.ts';

/** Short, because clients poll and an alert should not wait for them; an old answer is better than none while the hub is away. */
const CACHE_CONTROL = 'public, max-age=30, stale-if-error=86400';

/** Serves every feed, rendered once for each filter and version of the board, and every format of a single publication. */
export function mountFeeds(server: FastifyInstance, reads: PublicReads, renderings: Renderings): void {
  for (const feed of FEEDS) mountFeed(server, reads, renderings, feed);
  for (const format of DOCUMENT_FORMATS) mountFormat(server, reads, format);
}

function mountFeed(
  server: FastifyInstance,
  reads: PublicReads,
  renderings: Renderings,
  { path, mediaType, parameters, write }: Feed,
): void {
  server.get(path, async (request, reply) => {
    const filter = readFeedFilter(request.query, reads.territory, parameters);
    const { territory, publicUrl } = reads;
    const selfUrl = `${publicUrl}${path}${filter.query}`;
    const setting = { territory, publicUrl, language: filter.language };
    const rendering = renderings.renderingFor(selfUrl, () => write({ reads, filter, setting, selfUrl }));
    return answerConditionally(request, reply, { ...rendering, mediaType, cacheControl: CACHE_CONTROL });
  });
}

function mountFormat(
  server: FastifyInstance,
  reads: PublicReads,
  { path, ending, mediaType, write, missing }: DocumentFormat,
): void {
  server.get(path, async (request: FastifyRequest<{ Params: { file: string } }>, reply) => {
    const { file } = request.params;
    const { language, match } = readFeedFilter(request.query, reads.territory, ['language', 'mode']);
    const id = file.endsWith(`.${ending}`) ? file.slice(0, -ending.length - 1) : '';
    const document = isLowerCaseUuid(id) ? await publicNow(reads, id) : undefined;
    const { territory, publicUrl } = reads;
    const text =
      document && match.modes.has(document.mode)
        ? write(document, { territory, publicUrl, language }, reads.board.now)
        : undefined;
    if (!document || text === undefined) throw new HubError('NOT_FOUND', missing(file));
    const made = validated(text, instant(newsAt(document)));
    return answerConditionally(request, reply, { ...made, mediaType, cacheControl: CACHE_CONTROL });
  });
}
