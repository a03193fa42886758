import type { FastifyInstance } from 'fastify';
import type { PublicReads } from '../../board/public-reads.ts';
import { cifs } from '../../formats/roads/cifs.ts';
import { datex } from '../../formats/roads/datex.ts';
import type { ClosureDocument, EventDocument } from '../../publications/document.ts';
import { answerConditionally } from './conditional.ts';
import { readFeedFilter } from './feed-filter.ts';
import type { Renderings } from './rendered.ts';
import { CACHE_CONTROL, documentsOf } from './selection.ts';

const MEDIA_TYPE = 'application/xml; charset=utf-8';

/** Closed and restricted roads for those who lead traffic: Waze (CIFS 2) and navigation services (DATEX II 3). */
export function mountRoadFeeds(server: FastifyInstance, reads: PublicReads, renderings: Renderings): void {
  const { board } = reads;
  const eventOf = (id: string): EventDocument | undefined => {
    const found = board.get(id);
    return found?.kind === 'EVENT' ? found : undefined;
  };
  const formats: Record<string, (closures: ClosureDocument[]) => string> = {
    '/closures/cifs.xml': (closures) => cifs(closures, reads.publicUrl, board.now),
    '/closures/datex2.xml': (closures) => datex(closures, { publicUrl: reads.publicUrl, eventOf, now: board.now }),
  };
  for (const [path, write] of Object.entries(formats))
    server.get(path, async (request, reply) => {
      const filter = readFeedFilter(request.query, reads.territory, ['commune', 'mode']);
      const found = renderings.get(`${path}${filter.query}`, () =>
        write(documentsOf(reads, filter, 'CLOSURE', 'and what people ended')),
      );
      return answerConditionally(request, reply, { ...found, mediaType: MEDIA_TYPE, cacheControl: CACHE_CONTROL });
    });
}
