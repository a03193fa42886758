import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';
import Negotiator from 'negotiator';
import type { Documents, ReadOperation } from '../../../graphql/documents.ts';
import type { QueryContext } from '../query-context.ts';
import type { Variables } from './selection.ts';
import type { SplitExecution } from './split-execution.ts';

/** What Apollo offers, in its order. */
const MEDIA_TYPES = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];
const MOST_KNOWN = 200;

/**
 * Answers what nobody in particular asks by POST in words that Apollo let pass before, without asking it again. Anything
 * else, and whatever does not succeed wholly, goes to Apollo as if nothing had been tried: reading changes nothing.
 */
export class DirectAnswers {
  readonly #documents: Documents;
  readonly #execution: SplitExecution;
  readonly #mediaTypes = new Map<string, string | undefined>();

  constructor(documents: Documents, execution: SplitExecution) {
    this.#documents = documents;
    this.#execution = execution;
  }

  /** The body of the answer, its headers being set; undefined where Apollo has to answer. */
  async answer(request: FastifyRequest, reply: FastifyReply, context: () => QueryContext): Promise<Buffer | undefined> {
    const { headers } = request;
    if (headers.authorization !== undefined) return undefined;
    const asked = readBody(request.body);
    const operation = asked && this.#operationFor(asked);
    const mediaType = operation && this.#mediaTypeFor(headers.accept);
    if (!mediaType) return undefined;
    const reader = context();
    const body = await this.#execution.run(operation, asked.variables, reader);
    if (!body) return undefined;
    if (reader.flight) reader.flight.isShared = !reader.flight.hasWaited;
    reply.header('cache-control', 'no-store').header('content-type', mediaType);
    return body;
  }

  /** The query that is asked for, if its document passed before. Schemas that were split would describe themselves as such. */
  #operationFor({ query, operationName }: Asked): ReadOperation | undefined {
    const operation = this.#documents.find(query)?.operation(operationName);
    if (operation?.node.operation !== OperationTypeNode.QUERY) return undefined;
    const { roots } = operation.facts;
    return roots.has('__schema') || roots.has('__type') ? undefined : operation;
  }

  #mediaTypeFor(accept: string | undefined): string | undefined {
    if (!accept) return MEDIA_TYPES[0];
    if (this.#mediaTypes.has(accept)) return this.#mediaTypes.get(accept);
    const best = new Negotiator({ headers: { accept } } as ConstructorParameters<typeof Negotiator>[0]).mediaType(
      MEDIA_TYPES,
    );
    // Clients use a handful of values; whoever invents more is read each time.
    if (this.#mediaTypes.size < MOST_KNOWN) this.#mediaTypes.set(accept, best);
    return best;
  }
}

interface Asked {
  query: string;
  operationName: string | undefined;
  variables: Variables;
}

/** What a plain request asks; undefined for one that is not plain, or that has to be told what is wrong with it. */
function readBody(body: unknown): Asked | undefined {
  if (!isRecord(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || (extensions !== undefined && extensions !== null)) return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== undefined && variables !== null && !isRecord(variables)) return undefined;
  return { query, operationName: operationName ?? undefined, variables: variables ?? {} };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
