import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { lastModifiedOf, type Representation, type Represented } from '../../../http/conditional.ts';
import { tracedRequest } from '../../../tracing/request-trace.ts';
import { isTracing } from '../../../tracing/tracer.ts';
import { SHOWN_ELSEWHERE } from '../../headers.ts';
import { CachedAnswer } from './cached-answer.ts';
import type { ResponseCache } from './response-cache.ts';

/** Longer addresses are answered, and not kept: nobody links to them. */
const LONGEST_ADDRESS = 2_000;

/**
 * The answers at public addresses (pages, feeds, maps, messages), kept as bytes until something public changes, each in the
 * encodings that clients asked for. Of a request its address alone counts, so that a reader with a cookie of the host's other
 * pages gets the same bytes.
 */
export class KeptAddresses {
  readonly #cache: ResponseCache;
  readonly #admit: (request: IncomingMessage) => void;

  /** `admit` is asked before an answer is made anew, and throws where its client may have none now. */
  constructor(cache: ResponseCache, admit: (request: IncomingMessage) => void) {
    this.#cache = cache;
    this.#admit = admit;
  }

  /** Before Fastify: the answer to a GET that is kept in the encoding that its client prefers. */
  find(request: IncomingMessage): CachedAnswer | undefined {
    const found = this.#cache.kept(addressOf(request));
    if (!found || found.missingFor(request)) return undefined;
    this.#cache.hit(found);
    return found;
  }

  /** The handler of a route whose answers are kept. */
  readonly represented: Represented = (represent) => async (request, reply) => {
    const { raw } = request;
    const address = addressOf(raw);
    const kept = this.#cache.kept(address);
    if (kept) this.#cache.hit(kept);
    else this.#admit(raw);
    const answer = kept ?? (await this.#workOut(address, () => represent(request), reply));
    const complete = await this.#cache.complete(address, answer, raw);
    // Said already where the hub ends: the client goes elsewhere with its next request.
    if (reply.getHeader('connection') === 'close') reply.raw.shouldKeepAlive = false;
    reply.hijack();
    complete.send(raw, reply.raw, request.id);
    return reply;
  };

  async #workOut(
    address: string,
    represent: () => Representation | Promise<Representation>,
    reply: FastifyReply,
  ): Promise<CachedAnswer> {
    this.#cache.miss();
    const version = this.#cache.forgetOutdated();
    const representation = await (isTracing() ? traced(reply, represent) : represent());
    const modified = lastModifiedOf(representation);
    const answer = answerOf(representation, modified, reply);
    // In its first second it has no date yet, which it is to have for as long as it is kept.
    const isWhole = representation.lastModified === undefined || modified !== undefined;
    if (isWhole && address.length <= LONGEST_ADDRESS) this.#cache.keep(address, answer, version, representation.until);
    return answer;
  }
}

/** An address may hold what its reader typed: its route alone is told. */
const traced = (
  { request: { raw, routeOptions } }: FastifyReply,
  represent: () => Representation | Promise<Representation>,
) => tracedRequest(raw, routeOptions.url, async () => represent());

const addressOf = ({ url = '' }: IncomingMessage): string => url;

function answerOf(
  { body, etag, mediaType, cacheControl, headers = {} }: Representation,
  modified: string | undefined,
  reply: FastifyReply,
): CachedAnswer {
  reply.headers({
    ...SHOWN_ELSEWHERE,
    ...headers,
    'content-type': mediaType,
    'cache-control': cacheControl,
    vary: 'accept-encoding',
    etag,
    ...(modified ? { 'last-modified': modified } : {}),
  });
  return CachedAnswer.from(body, reply.getHeaders());
}
