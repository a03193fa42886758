import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PublicReads } from '../board/public-reads.ts';
import { publicPage } from './public-page.ts';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The pages that people read. */
export function mountPages(server: FastifyInstance, reads: PublicReads): void {
  server.get('/', async (request: FastifyRequest<{ Querystring: { commune?: string | string[] } }>, reply) => {
    const { commune } = request.query;
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-cache')
      .send(publicPage(reads, { commune: Array.isArray(commune) ? commune[0] : commune }));
  });
}
