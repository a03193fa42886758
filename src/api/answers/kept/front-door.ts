import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { isAnonymous, keyOfBytes, keyOfGet } from './key.rules.ts';
import { headersOf } from './request-head.ts';
import type { ResponseCache } from './response-cache.ts';

/**
 * Stands before Fastify: what can be answered from the cache by its bytes is answered here, everything else goes on as if
 * nothing had looked at it. Of a POST the body has to be read for that; Fastify then gets it as `bodyReadBefore`. Bodies
 * that are long, chunked or announced in any unusual way are not touched.
 */
const LONGEST_BODY = 32 * 1024;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

/** A body that was read before Fastify, with its key. */
export interface ReadBefore {
  body: Buffer;
  bytes: string | undefined;
}

const readBefore = new WeakMap<IncomingMessage, ReadBefore>();

/** The body that was read at the door; undefined where it still has to be read. */
export const bodyReadBefore = (request: IncomingMessage): ReadBefore | undefined => readBefore.get(request);

/** What Fastify tells the maker of its server, in milliseconds. */
type ServerTimes = Partial<Record<'keepAliveTimeout' | 'requestTimeout' | 'connectionTimeout', number>>;

/** A server for Fastify's `serverFactory`; `closing` says whether the hub ends, and answers go with `Connection: close`. */
export function serverBehind(cache: ResponseCache, closing: () => boolean) {
  return (fastify: RequestListener, { keepAliveTimeout, requestTimeout, connectionTimeout }: ServerTimes): Server => {
    const server = createServer(
      { ...(keepAliveTimeout ? { keepAliveTimeout } : {}), ...(requestTimeout ? { requestTimeout } : {}) },
      (request, response) => {
        if (closing()) fastify(request, response);
        else if (isPost(request)) answerPost(cache, fastify, request, response);
        else if (isGet(request)) {
          const key = keyOfGet(request);
          if (key === undefined || !cache.answer(key, request, response)) fastify(request, response);
        } else fastify(request, response);
      },
    );
    return server.setTimeout(connectionTimeout ?? 0);
  };
}

const answerPost = (
  cache: ResponseCache,
  fastify: RequestListener,
  ...[request, response]: Parameters<RequestListener>
): void => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  // Whoever goes away before the end of the body is answered nothing: there is nobody left.
  request.once('end', () => {
    const [first = Buffer.alloc(0)] = chunks;
    const body = chunks.length > 1 ? Buffer.concat(chunks) : first;
    const bytes = keyOfBytes(request, body);
    const key = bytes === undefined ? undefined : cache.meaningOf(bytes);
    if (key !== undefined && cache.answer(key, request, response)) return;
    readBefore.set(request, { body, bytes });
    fastify(request, response);
  });
};

function isPost(request: IncomingMessage): boolean {
  if (request.method !== 'POST' || request.url !== '/graphql') return false;
  const headers = headersOf(request);
  const length = Number(headers['content-length']);
  return (
    length > 0 &&
    length <= LONGEST_BODY &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    headers.expect === undefined &&
    JSON_TYPE.test(headers['content-type'] ?? '') &&
    isAnonymous(request)
  );
}

function isGet(request: IncomingMessage): boolean {
  if (request.method !== 'GET') return false;
  const headers = headersOf(request);
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined && isAnonymous(request);
}
