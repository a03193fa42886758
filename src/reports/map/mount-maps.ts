import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance } from 'fastify';
import type { Authenticate } from '../../access/authenticate.ts';
import { peerOf } from '../../access/peer.ts';
import type { Clock } from '../../clock.ts';
import { deskMap, publicMap } from './report-map.queries.ts';

export interface MapsOptions {
  /** A fresh unit of work. */
  em(): EntityManager;
  clock: Clock;
  authenticate: Authenticate;
}

const GEOJSON = 'application/geo+json; charset=utf-8';

/** The collaborative map as GeoJSON: what everybody may see, and, with a token of volunteers or staff, what the desk sees. */
export function mountReportMaps(server: FastifyInstance, { em, clock, authenticate }: MapsOptions): void {
  server.get('/geo/reports.geojson', async (_request, reply) =>
    reply
      .header('content-type', GEOJSON)
      .header('cache-control', 'public, max-age=30')
      .send(JSON.stringify(await publicMap(em()))),
  );
  server.get('/desk/reports.geojson', async (request, reply) => {
    const found = await authenticate(request.headers.authorization, peerOf(request.raw));
    const map = await deskMap({ em: em(), actor: found?.actor ?? null, clock });
    return reply.header('content-type', GEOJSON).header('cache-control', 'no-store').send(JSON.stringify(map));
  });
}
