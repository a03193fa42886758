import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Allowance } from '../../allowance/allowance.ts';
import type { Payer } from '../../allowance/payer.ts';
import { pointsOf, pointsToAsk } from '../../allowance/points.rules.ts';
import { createContext } from '../../graphql/context.ts';
import type { Budget } from '../../graphql/cost/budget.ts';
import { tellStatus, tracedRequest } from '../../tracing/request-trace.ts';
import { isTracing } from '../../tracing/tracer.ts';
import type { AnswerStep, FreshAnswer, HttpQuery, LastStep } from './http-query.ts';
import { type EarlyStep, earlyBodyOf, type ServerFactory, serverBefore } from './kept/before-fastify.ts';
import { keptByBytes } from './kept/by-bytes.ts';
import { keptByMeaning } from './kept/by-meaning.ts';
import { CachedAnswer } from './kept/cached-answer.ts';
import { InProgress } from './kept/in-progress.ts';
import type { KeptAddresses } from './kept/kept-addresses.ts';
import { isAnonymous, keyOfGet, keyOfMeaning } from './kept/key.rules.ts';
import type { ResponseCache } from './kept/response-cache.ts';

export interface QueryAnswersOptions {
  cache: ResponseCache;
  addresses: KeptAddresses;
  inHalves: AnswerStep;
  whole: LastStep;
  /** What subscriptions are opened with; every context holds it. */
  sources: object;
  /** Whether clients without a token ask here, whose answers are shared; else people alone who have signed in. */
  isPublic: boolean;
  /** Bounds what each client spends on the steps 3 and 4: kept answers cost nothing, but for a body that is long or comes in chunks. */
  allowance: Allowance;
  /** Whether the hub ends: no kept answer is given any more. */
  closing(): boolean;
}

/**
 * The ways to answer a query over HTTP, cheapest first. Each step gives an answer, or undefined and leaves the query to the
 * next one:
 *
 * 1. `keptByBytes`: the same request was answered before, byte for byte. Fastify never sees it.
 * 2. `keptByMeaning`: the same document, operation and variables were answered before, in other bytes; or their answer is
 *    being worked out for another client, and this one waits for it.
 * 3. `inHalves`: the document passed before. What leads to publications is executed, and what is selected of each
 *    publication is rendered once.
 * 4. `whole`: Apollo parses, validates and executes. It answers everything: errors, mutations, clients with a token.
 *
 * An answer of step 3 or 4 that is for everybody is kept for the steps 1 and 2.
 */
export class QueryAnswers {
  readonly #options: QueryAnswersOptions;
  readonly #inProgress = new InProgress();

  constructor(options: QueryAnswersOptions) {
    this.#options = options;
  }

  /** For Fastify's `serverFactory`: a server that tries step 1 before Fastify sees a request. */
  get serverFactory(): ServerFactory {
    const { cache, addresses, closing } = this.#options;
    // A body was read of queries alone.
    const step: EarlyStep = (request, early) =>
      keptByBytes(cache, request, early) ?? (early ? undefined : addresses.find(request));
    return serverBefore(step, closing);
  }

  /** Tries the steps 2 to 4 and sends the answer. */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { raw } = request;
    const key = this.#keyOf(request);
    const answer = key === undefined ? await this.#workOut(request) : await this.#sharedAnswer(key, reply);
    // Nobody tells of the end of an answer whose client has left already.
    if (!raw.socket.destroyed)
      reply.raw.once('close', this.#options.allowance.unsent.add(raw.socket, answer.body.length));
    if (answer instanceof CachedAnswer) {
      reply.hijack();
      answer.send(raw, reply.raw, request.id);
      return reply;
    }
    putHead(reply, answer);
    return answer.body;
  }

  /** Identifies an anonymous query by its meaning; undefined if its answer is not to be shared. */
  #keyOf({ raw, method, body }: FastifyRequest): string | undefined {
    if (!this.#options.isPublic || this.#options.closing() || !isAnonymous(raw)) return undefined;
    return method === 'GET' ? keyOfGet(raw) : keyOfMeaning(raw, body);
  }

  /** Step 2. Otherwise works the answer out, while clients with the same query wait, and keeps one that is for everybody. */
  async #sharedAnswer(key: string, reply: FastifyReply): Promise<CachedAnswer | FreshAnswer> {
    const { cache, allowance } = this.#options;
    const { request } = reply;
    const known = await keptByMeaning(cache, this.#inProgress, request.raw, key);
    if (known) allowance.bodies.forgive(request.raw);
    const answer = known ?? (await this.#workOutOnce(key, reply));
    const bytes = earlyBodyOf(request.raw)?.bytes;
    if (answer instanceof CachedAnswer && bytes !== undefined) cache.learn(bytes, key);
    return answer;
  }

  async #workOutOnce(key: string, reply: FastifyReply): Promise<CachedAnswer | FreshAnswer> {
    const { cache } = this.#options;
    cache.miss();
    const version = cache.forgetOutdated();
    const end = this.#inProgress.begin(key);
    let isLate = false;
    try {
      const answer = await this.#workOut(reply.request, () => {
        // A resolver waits for PostgreSQL, which may be ahead of the board: no client waits for this, and none shares it.
        isLate = true;
        end();
      });
      if (!answer.isForEverybody || isLate) return answer;
      const kept = toKeep(answer, reply);
      cache.keep(key, kept, version);
      return kept;
    } finally {
      end();
    }
  }

  /** Steps 3 and 4, at the expense of the client. Throws TOO_MANY_REQUESTS for one that has nothing left. */
  async #workOut(request: FastifyRequest, onPromise?: () => void): Promise<FreshAnswer> {
    const { sources, allowance, isPublic } = this.#options;
    const { raw, headers } = request;
    const budgets: Budget[] = [];
    const shown = isPublic ? headers.authorization : headers.cookie;
    let payer = shown === undefined ? allowance.anonymous(raw) : undefined;
    const begin = (by: Payer): void => allowance.bodies.read(raw, by, pointsToAsk(raw));
    if (payer) begin(payer);
    const contextFor: HttpQuery['contextFor'] = (actor, more) => {
      if (actor) payer = allowance.identity(actor.id, actor.pointsPerSecond);
      // Somebody with a token and without an account, and an empty header, spend as those without.
      if (actor || !payer) {
        payer ??= allowance.anonymous(raw);
        begin(payer);
      }
      const context = createContext(
        actor,
        { ...sources, savesPush: () => allowance.savesPush(raw), ...more },
        onPromise,
      );
      budgets.push(context.budget);
      return context;
    };
    const made = allowance.unsent.begin(raw.socket);
    try {
      const query = { request, contextFor };
      return await (isTracing() ? this.#traced(query) : this.#firstAnswer(query));
    } finally {
      made();
      for (const budget of budgets) payer?.spend(pointsOf(budget));
    }
  }

  #traced(query: HttpQuery): Promise<FreshAnswer> {
    const { raw, routeOptions } = query.request;
    return tracedRequest(raw, routeOptions.url, async () => {
      const answer = await this.#firstAnswer(query);
      tellStatus(answer.status);
      return answer;
    });
  }

  async #firstAnswer(query: HttpQuery): Promise<FreshAnswer> {
    const { inHalves, whole } = this.#options;
    return (await inHalves(query)) ?? whole(query);
  }
}

/** For how long a CDN may answer by itself: some seconds behind, and on while the hub cannot be reached. */
const FOR_CDN = 'public, max-age=5, stale-while-revalidate=30, stale-if-error=86400';

/** An answer as it is kept, with all the headers that stand in the reply. */
function toKeep(answer: FreshAnswer, reply: FastifyReply): CachedAnswer {
  putHead(reply, answer);
  reply
    .header('vary', 'accept, accept-encoding, authorization')
    .header('cache-control', answer.isByHash && reply.request.method === 'GET' ? FOR_CDN : 'no-cache');
  return CachedAnswer.from(answer.body, reply.getHeaders(), answer.deprecated);
}

function putHead(reply: FastifyReply, { status, headers }: FreshAnswer): void {
  reply.code(status);
  for (const [name, value] of headers) reply.header(name, value);
}
