import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type PublicReads, publicDocument } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import { linkedData, linkedDataText } from '../../formats/json-ld.ts';
import { newsAt } from '../../publications/news.rules.ts';
import { answerConditionally } from './conditional.ts';
import { readFeedFilter } from './feed-filter.ts';
import { rendered } from './rendered.ts';
import { CACHE_CONTROL } from './selection.ts';

const ADDRESS = '/publications/:file(^[0-9a-f-]{36}\\.jsonld$)';

/** `/publications/{id}.jsonld`: a publication as linked data, in the words of schema.org. */
export function mountLinkedData(server: FastifyInstance, reads: PublicReads): void {
  server.get(ADDRESS, async (request: FastifyRequest<{ Params: { file: string } }>, reply) => {
    const { language, match } = readFeedFilter(request.query, reads.territory, ['language', 'mode']);
    const id = request.params.file.slice(0, 36);
    const document = UUID.test(id) ? await publicDocument(reads, id) : undefined;
    if (!document || !match.modes.has(document.mode)) throw new HubError('NOT_FOUND', `there is no publication ${id}`);
    const made = rendered(linkedDataText(linkedData(document, { ...reads, language })), instant(newsAt(document)));
    return answerConditionally(request, reply, {
      ...made,
      mediaType: 'application/ld+json',
      cacheControl: CACHE_CONTROL,
    });
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
