import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { isForOwnPages } from '../http/own-pages.rules.ts';

const A_DAY_SECONDS = 86_400;
const A_YEAR_SECONDS = 31_536_000;
const SOON_SECONDS = '5';

/** Of an answer that other sites show: a card, a map, a feed, a CAP message. */
export const SHOWN_ELSEWHERE = { 'cross-origin-resource-policy': 'cross-origin' } as const;

/**
 * Headers of every answer. What is public may be read from any site's page: the hub knows people there by a header that
 * browsers never send by themselves, so that no page can speak in somebody else's name. The door that reads a cookie is for
 * pages of this hub.
 * `isSecure`: people reach the hub by https, and browsers are to remember that.
 */
export async function setHeaders(server: FastifyInstance, isSecure: boolean): Promise<void> {
  await server.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST'],
    exposedHeaders: ['etag', 'retry-after', 'tocsin-version', 'x-request-id'],
    maxAge: A_DAY_SECONDS,
    // An OPTIONS request that is no browser's preflight is answered like any method that is not possible.
    strictPreflight: false,
  });
  const headers = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    // Of what is embedded without asking (`<img>`, `<script>`); a page that asks by CORS reads the answer as before.
    'cross-origin-resource-policy': 'same-origin',
    // Of this name alone: what else stands below it in the DNS is not the hub's.
    ...(isSecure ? { 'strict-transport-security': `max-age=${A_YEAR_SECONDS}` } : {}),
  };
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    // @fastify/cors opens preflights and refusals as well, which no route of their own could close.
    if (isForOwnPages(request.url)) reply.removeHeader('access-control-allow-origin');
    if (reply.statusCode === 401) reply.header('www-authenticate', 'Bearer realm="tocsin"');
    if (reply.statusCode === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', SOON_SECONDS);
    done();
  });
}
