import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import { isUnchanged } from '../../../http/conditional.ts';
import { Answer } from './answer.ts';
import { Flight } from './flight.ts';
import { bodyReadBefore } from './front-door.ts';
import { isAnonymous, keyOfGet, keyOfMeaning } from './key.rules.ts';
import type { ResponseCache } from './response-cache.ts';

/**
 * What the routes of /graphql do beside asking Apollo: the same question in other bytes is answered from the cache; of many
 * who ask the same at once one is worked out, and the others wait for it; what everybody may have is kept.
 */
export class SharedAnswers {
  readonly #cache: ResponseCache;
  readonly #closing: () => boolean;
  readonly #flights = new Map<string, Flight>();
  readonly #flightOf = new WeakMap<FastifyRequest['raw'], Flight>();

  constructor(cache: ResponseCache, closing: () => boolean) {
    this.#cache = cache;
    this.#closing = closing;
  }

  /** The flight that a request leads, for its context. */
  flightOf({ raw }: FastifyRequest): Flight | undefined {
    return this.#flightOf.get(raw);
  }

  /** The hooks of a route that answers queries. */
  get hooks(): RouteShorthandOptions {
    return {
      preParsing: async ({ raw }, _reply, payload) => {
        const read = bodyReadBefore(raw);
        return read ? Readable.from(read.body, { objectMode: false }) : payload;
      },
      preHandler: (request, reply) => this.#begin(request, reply),
      onSend: async (request, reply, payload) => this.#end(request, reply, payload),
    };
  }

  async #begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const { raw } = request;
    if (this.#closing() || !isAnonymous(raw)) return undefined;
    const key = request.method === 'GET' ? keyOfGet(raw) : keyOfMeaning(raw, request.body);
    if (key === undefined) return undefined;
    if (this.#answer(key, request, reply)) return reply;
    const leader = this.#flights.get(key);
    if (leader) {
      await leader.ended;
      // Nobody waits twice: what changes all the time, or is not for sharing, is worked out for each.
      if (this.#answer(key, request, reply)) return reply;
    }
    this.#cache.miss();
    this.#lead(key, request, reply);
    return undefined;
  }

  #answer(key: string, { raw }: FastifyRequest, reply: FastifyReply): boolean {
    if (!this.#cache.answer(key, raw, reply.raw)) return false;
    this.#understand(key, raw);
    reply.hijack();
    return true;
  }

  #understand(key: string, raw: FastifyRequest['raw']): void {
    const bytes = bodyReadBefore(raw)?.bytes;
    if (bytes !== undefined) this.#cache.understand(bytes, key);
  }

  #lead(key: string, { raw }: FastifyRequest, reply: FastifyReply): void {
    const flight = new Flight(key, this.#cache.generation);
    this.#flightOf.set(raw, flight);
    if (this.#flights.has(key)) return;
    this.#flights.set(key, flight);
    void flight.ended.then(() => this.#flights.delete(key));
    // However it ends, nobody waits for ever.
    reply.raw.once('close', () => flight.end());
  }

  #end(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
    const flight = this.#flightOf.get(request.raw);
    if (!flight) return payload;
    const isBody = typeof payload === 'string' || Buffer.isBuffer(payload);
    const isKept = flight.isShared && reply.statusCode === 200 && isBody;
    const sent = isKept ? this.#share(flight, request, reply, payload) : payload;
    flight.end();
    return sent;
  }

  #share(flight: Flight, request: FastifyRequest, reply: FastifyReply, payload: string | Buffer): string | Buffer {
    reply
      .header('vary', 'accept, accept-encoding, authorization')
      .header('cache-control', flight.isPersisted && request.method === 'GET' ? FOR_CDN : 'no-cache');
    const answer = Answer.of(
      typeof payload === 'string' ? Buffer.from(payload) : payload,
      reply.getHeaders() as Record<string, string>,
    );
    this.#cache.keep(flight.key, answer, flight.generation);
    this.#understand(flight.key, request.raw);
    reply.header('etag', answer.etag);
    if (!isUnchanged(request.headers, answer)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return '';
  }
}

/** Of a document named by its hash: a CDN may be some seconds behind, and goes on while the hub cannot be reached. */
const FOR_CDN = 'public, max-age=5, stale-while-revalidate=30, stale-if-error=86400';
