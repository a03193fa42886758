import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { refuseLateRequests } from '../../../http/late-requests.ts';
import { opensWebSocket } from '../../../http/upgrade.rules.ts';
import type { CachedAnswer } from './cached-answer.ts';
import { isAnonymous, keyOfBytes } from './key.rules.ts';
import { headersOf } from './request-head.ts';

/**
 * Longer bodies are not read before Fastify; nor are those that are chunked, compressed or announced in any unusual way.
 */
const LONGEST_BODY = 32 * 1024;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

/** The body of a POST that was read before Fastify, and what identifies the request byte for byte. */
export interface EarlyBody {
  readonly body: Buffer;
  readonly bytes: string | undefined;
}

const earlyBodies = new WeakMap<IncomingMessage, EarlyBody>();

/** The body that was read before Fastify; undefined if Fastify has to read it. */
export const earlyBodyOf = (request: IncomingMessage): EarlyBody | undefined => earlyBodies.get(request);

/** A client has this long to send the head of a request, and all of it. A slow client holds no connection for longer. */
const ARRIVAL = { headMs: 10_000, requestMs: 15_000, lookMs: 1_000 };

/** A client that takes nothing of its answer for so long is cut. */
const UNREAD_MS = 20_000;

/** Ends a connection on which nothing has moved: idle, or with an answer that its client does not read. One that is being answered may wait. */
function endUnread(socket: Socket): void {
  const { bytesRead, writableLength } = socket;
  // Where the hub was held up, what its client sent and took meanwhile is seen before the immediate.
  setImmediate(() => {
    if (socket.bytesRead > bytesRead || socket.writableLength < writableLength) return;
    const isAnswered = Boolean(Reflect.get(socket, '_httpMessage'));
    if (isAnswered && socket.writableLength === 0) socket.setTimeout(UNREAD_MS);
    else socket.destroy();
  });
}

/** Settings that Fastify gives to its `serverFactory`, in milliseconds. */
type ServerTimes = Partial<Record<'keepAliveTimeout' | 'connectionTimeout', number>>;
export type ServerFactory = (fastify: RequestListener, times: ServerTimes) => Server;

/** Answers a request, or leaves it to Fastify (undefined). */
export type EarlyStep = (request: IncomingMessage, early: EarlyBody | undefined) => CachedAnswer | undefined;

/**
 * Makes a server that answers what `step` can, and gives every other request to Fastify as if nothing had looked at it. For
 * a POST the body has to be read first: Fastify then gets it from `earlyBodyOf`. While the hub ends (`closing`) everything
 * goes to Fastify.
 */
export function serverBefore(step: EarlyStep, closing: () => boolean): ServerFactory {
  return (fastify, { keepAliveTimeout, connectionTimeout }) => {
    const settings = {
      shouldUpgradeCallback: opensWebSocket,
      connectionsCheckingInterval: ARRIVAL.lookMs,
      ...(keepAliveTimeout ? { keepAliveTimeout } : {}),
    };
    const server = createServer(settings, (request, response) => {
      if (!closing() && isPlainPost(request)) return answerPost(step, fastify, request, response);
      const kept = !closing() && isPlainGet(request) ? step(request, undefined) : undefined;
      return kept ? kept.send(request, response) : fastify(request, response);
    });
    refuseLateRequests(server, ARRIVAL);
    return server.setTimeout(connectionTimeout || UNREAD_MS, endUnread);
  };
}

const answerPost = (
  step: EarlyStep,
  fastify: RequestListener,
  ...[request, response]: Parameters<RequestListener>
): void => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A client that leaves before the end of its body gets no answer: nobody is there to read it.
  request.once('end', () => {
    const [first = Buffer.alloc(0)] = chunks;
    const body = chunks.length > 1 ? Buffer.concat(chunks) : first;
    const early = { body, bytes: keyOfBytes(request, body) };
    const kept = step(request, early);
    if (kept) return kept.send(request, response);
    earlyBodies.set(request, early);
    fastify(request, response);
  });
};

function isPlainPost(request: IncomingMessage): boolean {
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

function isPlainGet(request: IncomingMessage): boolean {
  if (request.method !== 'GET') return false;
  const headers = headersOf(request);
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}
