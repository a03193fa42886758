import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance } from 'fastify';
import type { Identify } from '../../access/identify.ts';
import type { Clock } from '../../clock.ts';
import { type Represented, strongTag } from '../../http/conditional.ts';
import { deskMap, publicMap } from './report-map.queries.ts';

export interface MapsOptions {
  /** A fresh unit of work. */
  em(): EntityManager;
  clock: Clock;
  identify: Identify;
  represented: Represented;
}

const GEOJSON = 'application/geo+json; charset=utf-8';

/** The collaborative map as GeoJSON: what everybody may see, and, with a token of volunteers or staff, what the desk sees. */
export function mountReportMaps(server: FastifyInstance, { em, clock, identify, represented }: MapsOptions): void {
  server.get(
    '/geo/reports.geojson',
    represented(async () => {
      const body = Buffer.from(JSON.stringify(await publicMap(em())));
      // No version of what is public says that a report has changed: the map is read for each request.
      return { body, etag: strongTag(body), mediaType: GEOJSON, cacheControl: 'public, max-age=30', until: 0 };
    }),
  );
  server.get('/desk/reports.geojson', async (request, reply) => {
    const found = await identify(request.headers.authorization, request.raw);
    const map = await deskMap({ em: em(), actor: found?.actor ?? null, clock });
    return reply.header('content-type', GEOJSON).header('cache-control', 'no-store').send(JSON.stringify(map));
  });
}
