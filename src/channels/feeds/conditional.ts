import type { FastifyReply, FastifyRequest } from 'fastify';
import fresh from 'fresh';
import type { Rendered } from './rendered.ts';

export interface Answer extends Rendered {
  mediaType: string;
  cacheControl: string;
}

const SECOND = 1000;

/** Answers GET and HEAD with the bytes, or 304 to whoever has them: `If-None-Match` decides, else `If-Modified-Since`. */
export function answerConditionally(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag, lastModified, mediaType, cacheControl }: Answer,
): FastifyReply {
  const headers: Record<string, string> = { etag, 'cache-control': cacheControl };
  // Two changes within one second would have one date: it is told from the next second on.
  if (Date.now() >= lastModified + SECOND) headers['last-modified'] = new Date(lastModified).toUTCString();
  reply.headers(headers);
  // `no-cache` speaks to caches on the way. fetch adds it to every conditional request, which is to be answered all the same.
  const { 'cache-control': _, ...asked } = request.headers;
  if (fresh(asked, headers)) return reply.code(304).send();
  return reply.header('content-type', mediaType).send(body);
}
