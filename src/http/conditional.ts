import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fresh from 'fresh';

/** Bytes as they are sent, and the values that conditional requests compare. */
export interface Validated {
  readonly body: Buffer;
  /** Strong: it is made of the bytes. */
  readonly etag: string;
  /** When these bytes were first made, in milliseconds since 1970. */
  readonly lastModified: number;
}

/** An answer to GET and HEAD, ready to be sent. */
export interface Representation extends Validated {
  mediaType: string;
  cacheControl: string;
}

const SECOND = 1000;

/** Text in UTF-8 with its entity tag; `at` is its last change, in milliseconds since 1970. */
export function validated(text: string, at: number): Validated {
  const body = Buffer.from(text);
  return { body, etag: strongTag(body), lastModified: at };
}

/** The entity tag of bytes: their SHA-256. */
export const strongTag = (body: Uint8Array): string => `"${createHash('sha256').update(body).digest('base64url')}"`;

/**
 * Whether the client has these bytes already, so that 304 is the answer: `If-None-Match` decides, else
 * `If-Modified-Since` where the answer has a date. Tags are compared weakly (RFC 9110, 13.1.2).
 */
export function isUnchanged(
  { 'if-none-match': noneMatch, 'if-modified-since': since }: IncomingHttpHeaders,
  { etag, 'last-modified': modified }: { etag: string; 'last-modified'?: string },
): boolean {
  if (noneMatch === undefined && since === undefined) return false;
  // `Cache-Control: no-cache` is not handed on: it speaks to caches on the way, and fetch adds it to every conditional request.
  return fresh({ 'if-none-match': noneMatch, 'if-modified-since': since }, { etag, 'last-modified': modified });
}

/** Answers GET and HEAD with the bytes, or with 304 to a client that has them. */
export function answerConditionally(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag, lastModified, mediaType, cacheControl }: Representation,
): FastifyReply {
  // Two changes within one second would share one date, so the date is sent from the next second on.
  const isDated = Date.now() >= lastModified + SECOND;
  const validators = { etag, ...(isDated ? { 'last-modified': new Date(lastModified).toUTCString() } : {}) };
  reply.headers({ ...validators, 'cache-control': cacheControl });
  if (isUnchanged(request.headers, validators)) return reply.code(304).send();
  return reply.header('content-type', mediaType).send(body);
}
