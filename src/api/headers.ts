import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

const A_DAY_SECONDS = 86_400;
const SOON_SECONDS = '5';

/**
 * Headers of every answer. What is public may be read from any site's page: the hub knows people by a header that
 * browsers never send by themselves, so that no page can speak in somebody else's name, and cookies are never read.
 */
export async function setHeaders(server: FastifyInstance): Promise<void> {
  await server.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST'],
    exposedHeaders: ['etag', 'retry-after', 'tocsin-version'],
    maxAge: A_DAY_SECONDS,
    // An OPTIONS request that is no browser's preflight is answered like any method that is not possible.
    strictPreflight: false,
  });
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'strict-origin-when-cross-origin');
  });
  server.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 401) reply.header('www-authenticate', 'Bearer realm="tocsin"');
    if (reply.statusCode === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', SOON_SECONDS);
  });
}
