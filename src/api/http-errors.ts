import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asHubError } from '../database/outage.ts';
import { ERROR_CODES, type ErrorCode, type ErrorFacts } from '../errors.ts';
import type { LogUnexpected } from '../graphql/error-format.ts';
import { LIMITS } from '../graphql/limits.ts';
import { prefersHtml } from '../http/accept.rules.ts';
import { JSON_TYPE, refusalBody, refuseConnection } from '../http/refusal.ts';
import { bringsBody } from './read-body.ts';
import { usualAddress } from './usual-address.rules.ts';

const TOO_LARGE = 413;

/** Codes of what Fastify refuses by itself; any other status below 500 is a BAD_REQUEST. */
const OF_STATUS: Record<number, ErrorCode> = { 404: 'NOT_FOUND', 429: 'TOO_MANY_REQUESTS', 503: 'UNAVAILABLE' };

/** A page that says to a person why there is nothing to see; `id` is what the log has an unexpected error under. */
export type ErrorPage = (
  status: number,
  id?: string,
) => {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** For how long a browser remembers where a mistyped address leads. */
const REMEMBERED = 'public, max-age=86400';

/**
 * Makes every failure outside GraphQL look like one of GraphQL: JSON, a code of the list, the right status. A browser gets a page
 * with that status, and an address that is nearly right leads to the right one.
 */
export function answerErrors(server: FastifyInstance, log: LogUnexpected, page: ErrorPage): void {
  const send = sendWith(page);
  server.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    // A client that offered another protocol, such as a WebSocket at the wrong address, may read until the connection ends.
    if (request.headers.upgrade !== undefined) reply.header('connection', 'close');
    const allowed = ['GET', 'POST'].filter((method) => hasRoute(server, method, path));
    if (allowed.length === 0)
      return leadOn(server, reply) ?? send(reply, 404, 'NOT_FOUND', `there is nothing at ${path}`);
    reply.header('allow', allowed.join(', '));
    return send(reply, 405, 'BAD_REQUEST', `${request.method} is not possible here: use ${allowed.join(' or ')}`);
  });
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const known = asHubError(error);
    if (known) {
      const { retryAfterSeconds } = known.facts;
      if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
      const led = known.code === 'NOT_FOUND' ? leadOn(server, reply) : undefined;
      return led ?? send(reply, ERROR_CODES[known.code], known.code, known.message, known.facts);
    }
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) return answerRefusal(page, reply, status, error.message);
    const id = randomUUID();
    log(error, id);
    return send(reply, 500, 'INTERNAL', `Internal error; its id is ${id}`, { id });
  });
}

/** Answers what Fastify refused by itself, with the code that goes with its status. */
export function answerRefusal(page: ErrorPage, reply: FastifyReply, status: number, message: string): FastifyReply {
  const send = sendWith(page);
  if (status !== TOO_LARGE) return send(reply, status, OF_STATUS[status] ?? 'BAD_REQUEST', message);
  // A body that announces its length is refused unread; any other was read up to the limit.
  const announced = Number(reply.request.headers['content-length']);
  const most = reply.request.routeOptions.bodyLimit ?? LIMITS.body;
  const limit = { name: 'body', weight: announced || most + 1, most };
  const words = `a body may have at most ${limit.most} bytes, not ${limit.weight}`;
  return send(reply, TOO_LARGE, 'BAD_REQUEST', words, { limit });
}

/**
 * Whether a route was declared with this very path. `*` and `:` are signs of the language in which routes are declared, and
 * Fastify throws where they make no sense in it: a client's path is no declaration.
 */
const hasRoute = (server: FastifyInstance, method: string, path: string): boolean =>
  !/[*:]/.test(path) && server.hasRoute({ method, url: path });

/** 301 to the address that was meant; 308 where the client sent something, which it then sends again. */
function leadOn(server: FastifyInstance, reply: FastifyReply): FastifyReply | undefined {
  const { url, method } = reply.request;
  const isThere = (path: string) => hasRoute(server, 'GET', path);
  const usual = usualAddress(url, isThere);
  if (usual === undefined) return undefined;
  reply.header('cache-control', REMEMBERED);
  return reply.redirect(usual, isReading(method) ? 301 : 308);
}

/** A query is answered in the form that its language has, to browsers too. */
const FOR_PROGRAMS = /^\/(?:graphql|desk)\b/;

const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD';

const sendWith =
  (page: ErrorPage) =>
  (reply: FastifyReply, status: number, code: ErrorCode, message: string, facts: ErrorFacts = {}): FastifyReply => {
    const { method, url, raw } = reply.request;
    // A body that nobody reads would go on coming in for nothing.
    if (bringsBody(raw) && !raw.complete) reply.raw.shouldKeepAlive = false;
    reply.code(status).header('vary', 'accept');
    if (!isReading(method) || FOR_PROGRAMS.test(url) || !prefersHtml(raw))
      return reply.header('content-type', JSON_TYPE).send(refusalBody(code, message, facts));
    const { text, headers } = page(status, facts.id);
    return reply.headers(headers).send(text);
  };

/**
 * Refuses what Node.js could not read as a request (its head is over 16 KiB, is no HTTP, or took too long): there is no
 * request and no reply then, only the connection. One that never said anything is closed without a word: clients open
 * connections ahead of need, and would take the refusal for the answer to a request that they send in the same moment.
 */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  const saidNothing = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0;
  if (saidNothing || !socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, message] = UNREADABLE[error.code ?? ''] ?? [400, 'this is no request of HTTP/1.1'];
  refuseConnection(socket, status, 'BAD_REQUEST', message);
}

const UNREADABLE: Record<string, readonly [number, string]> = {
  HPE_HEADER_OVERFLOW: [431, 'the address and the headers together may have 16 KiB at most: send a long query by POST'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request took too long to arrive: its head has 10 seconds, all of it 15'],
};

/** Refuses an `Expect` header that asks for anything but `100-continue`. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(417, { 'content-type': JSON_TYPE });
  response.end(refusalBody('BAD_REQUEST', 'Expect: 100-continue is the one expectation that can be met'));
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '';
