import type { FastifyInstance } from 'fastify';
import type { PublicReads } from '../../board/public-reads.ts';
import { alertMap, closureMap } from '../../formats/geojson.ts';
import { answerConditionally } from './conditional.ts';
import { type FeedFilter, type FeedParameter, readFeedFilter } from './feed-filter.ts';
import type { Renderings } from './rendered.ts';
import { CACHE_CONTROL, documentsOf } from './selection.ts';

const MEDIA_TYPE = 'application/geo+json';

/** What is live on a map, as GeoJSON: alerts, and closed roads. */
export function mountMapFeeds(server: FastifyInstance, reads: PublicReads, renderings: Renderings): void {
  const maps: { path: string; parameters: FeedParameter[]; write: (filter: FeedFilter) => string }[] = [
    {
      path: '/geo/alerts.geojson',
      parameters: ['commune', 'severity', 'language', 'mode'],
      write: (filter) => alertMap(documentsOf(reads, filter, 'ALERT', 'live'), { ...reads, language: filter.language }),
    },
    {
      path: '/geo/closures.geojson',
      parameters: ['commune', 'language', 'mode'],
      write: (filter) =>
        closureMap(documentsOf(reads, filter, 'CLOSURE', 'live'), { ...reads, language: filter.language }),
    },
  ];
  for (const { path, parameters, write } of maps)
    server.get(path, async (request, reply) => {
      const filter = readFeedFilter(request.query, reads.territory, parameters);
      const found = renderings.get(`${path}${filter.query}`, () => write(filter));
      return answerConditionally(request, reply, { ...found, mediaType: MEDIA_TYPE, cacheControl: CACHE_CONTROL });
    });
}
