import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { HubError } from '../errors.ts';
import type { Origin, RefusalLog } from '../http/origin.ts';
import { REQUEST_ID, requestIdOf } from '../http/request-id.ts';
import { Sparing } from './sparing.ts';

/** A request that takes longer is told. */
const SLOW_MS = 1_000;
/** Paths of the hub are shorter. */
const LONGEST_PATH = 200;
/**
 * Answers below 500 that are no refusal: 404 and the conflicts of work are everybody's day, and tokens that were refused are told
 * where they are looked at, whichever door they came in by.
 */
const NO_REFUSAL = new Set([401, 404, 409, 410, 422]);
const LEAST_REFUSAL = 400;
const LEAST_FAILURE = 500;

export interface DoorLogOptions {
  logger: Logger;
  /** Whose address a request comes from. */
  addressOf(request: Pick<IncomingMessage, 'headers' | 'socket'>): string;
  slowMs?: number;
}

/**
 * Tells the log who was refused, whose token was not good, and what was slow: a line each, with the id of its request, without
 * headers, bodies and query strings, in which tokens may stand. Answers from kept bytes are none of these.
 */
export class DoorLog implements RefusalLog {
  readonly #options: DoorLogOptions;
  readonly #slowMs: number;
  readonly #sparing = new Sparing();

  constructor(options: DoorLogOptions) {
    this.#options = options;
    this.#slowMs = options.slowMs ?? SLOW_MS;
  }

  /** Gives every answer the id of its request, and looks at how each went. */
  watch(server: FastifyInstance): void {
    server.addHook('onRequest', ({ id }, reply, done) => {
      // Not on the raw response, where one header has Node.js put down each of the others by itself.
      reply.header(REQUEST_ID, id);
      done();
    });
    server.addHook('onResponse', (request, reply, done) => {
      const { statusCode } = reply;
      const isRefusal = statusCode >= LEAST_REFUSAL && !NO_REFUSAL.has(statusCode);
      if (isRefusal)
        this.#tell('answer', statusCode >= LEAST_FAILURE ? 'failed' : 'refused', request.raw, factsOf(reply));
      else if (reply.elapsedTime >= this.#slowMs && !isStream(reply))
        this.#tell('slow', 'slow', request.raw, { ...factsOf(reply), ...operationOf(request) });
      done();
    });
  }

  originOf(request: IncomingMessage): Origin {
    const { method, url = '' } = request;
    const path = (url.split('?')[0] ?? '').slice(0, LONGEST_PATH);
    return { reqId: requestIdOf(request), method, path, client: this.#options.addressOf(request) };
  }

  /** Something that was refused inside an operation, of which no status tells: its answer is 200, or a message of a WebSocket. */
  refusedInside(origin: Origin, codes: readonly string[], account: string | undefined): void {
    this.#write('answer', 'refused', { ...origin, codes: [...new Set(codes)], ...(account ? { account } : {}) });
  }

  /** Bytes that were no request. */
  unreadable(socket: { remoteAddress?: string | undefined }, code: string | undefined): void {
    this.#write('answer', 'refused, unreadable', { client: socket.remoteAddress, code });
  }

  /** Tells of a token that is not good, or that was not looked at any more. */
  async token<T>(request: IncomingMessage, check: () => Promise<T>): Promise<T> {
    try {
      return await check();
    } catch (error) {
      if (error instanceof HubError)
        this.#tell('token', 'a token was refused', request, { code: error.code, why: error.message });
      throw error;
    }
  }

  /** Tells of a WebSocket or an event stream that may not be opened. */
  stream<T>(request: IncomingMessage, open: () => T): T {
    try {
      return open();
    } catch (error) {
      if (error instanceof HubError) this.#tell('stream', 'refused', request, { code: error.code, why: error.message });
      throw error;
    }
  }

  #tell(kind: string, words: string, request: IncomingMessage, facts: object): void {
    this.#write(kind, words, { ...this.originOf(request), ...facts });
  }

  #write(kind: string, words: string, facts: object): void {
    const unsaid = this.#sparing.admit(kind);
    if (unsaid === undefined) return;
    this.#options.logger.info(unsaid > 0 ? { ...facts, unsaid } : facts, words);
  }
}

const factsOf = ({ statusCode, elapsedTime }: FastifyReply) => ({ status: statusCode, ms: Math.round(elapsedTime) });

/** An event stream is as long as its reader stays. */
const isStream = ({ raw }: FastifyReply): boolean =>
  String(raw.getHeader('content-type')).startsWith('text/event-stream');

/** The name that a client gave its operation: a name of GraphQL, or nothing. */
function operationOf({ body }: FastifyRequest): { operation?: string } {
  const name = body && typeof body === 'object' && 'operationName' in body ? body.operationName : undefined;
  return typeof name === 'string' && /^[_A-Za-z]\w{0,99}$/.test(name) ? { operation: name } : {};
}
