import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import fresh from 'fresh';

/** Bytes as they are sent, and the values that conditional requests compare. */
export interface Validated {
  readonly body: Buffer;
  /** Strong: it is made of the bytes. */
  readonly etag: string;
  /** When these bytes were first made, in milliseconds since 1970. */
  readonly lastModified: number;
}

/** The answer to everybody who asks for an address. */
export interface Representation {
  readonly body: Buffer;
  /** Strong. */
  readonly etag: string;
  /** When these bytes were first made, in milliseconds since 1970, where that is known. */
  readonly lastModified?: number;
  readonly mediaType: string;
  readonly cacheControl: string;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Until when it holds (milliseconds since 1970), if the clock changes it before anything else that is public changes. A moment
   * that is over: it is made anew for each request.
   */
  readonly until?: number;
}

/**
 * Some words follow the clock in smaller steps than the board does (a passage that was dropped stays in calendars for a day): what
 * may hold such words is made anew after this time.
 */
export const CLOCK_STEP_MS = 60_000;

/** Makes the handler of a route that answers GET and HEAD with what is at the address. NOT_FOUND and the like are thrown. */
export type Represented = <R extends RouteGenericInterface>(
  represent: (request: FastifyRequest<R>) => Representation | Promise<Representation>,
) => (request: FastifyRequest<R>, reply: FastifyReply) => Promise<FastifyReply>;

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

/** The date of a representation for its header; undefined in its first second, since two changes within it would share one date. */
export const lastModifiedOf = ({ lastModified }: Representation): string | undefined =>
  lastModified !== undefined && Date.now() >= lastModified + SECOND ? new Date(lastModified).toUTCString() : undefined;
