import { OperationTypeNode } from 'graphql';
import Negotiator from 'negotiator';
import { ERROR_CODES, type HubError } from '../../../errors.ts';
import type { Documents, ReadOperation } from '../../../graphql/documents.ts';
import type { ErrorFormat } from '../../../graphql/error-format.ts';
import type { AnswerStep, FreshAnswer } from '../http-query.ts';
import type { Variables } from './publication-selection.ts';
import type { SplitExecution } from './split-execution.ts';

/** The media types that Apollo offers, in its order. */
const MEDIA_TYPES = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];
const MOST_KNOWN = 200;

/**
 * Step 3: answers an anonymous query by POST whose document passed before. Everything else, and every query that does not
 * succeed wholly, is left to Apollo as if nothing had been tried: reading changes nothing.
 */
export function inHalves(documents: Documents, execution: SplitExecution, format: ErrorFormat): AnswerStep {
  const mediaTypeFor = mediaTypes();
  return async ({ request: { headers, body: given }, contextFor }) => {
    if (headers.authorization !== undefined) return undefined;
    const asked = readBody(given);
    const operation = asked && knownQuery(documents, asked);
    const mediaType = operation && mediaTypeFor(headers.accept);
    if (!mediaType) return undefined;
    const tooDear = documents.costFault(operation, asked.variables, null);
    if (tooDear) return refusal(tooDear, mediaType, format);
    const context = contextFor(null, {});
    const body = await execution.run(operation, asked.variables, context);
    if (context.budget.spent) return refusal(context.budget.spent, mediaType, format);
    if (!body) return undefined;
    const deprecated = documents.deprecated.count(operation, asked.variables);
    return { status: 200, headers: headersOf(mediaType), body, isForEverybody: true, isByHash: false, deprecated };
  };
}

/** As Apollo answers an operation that is too dear, and a budget that is spent. */
const refusal = (spent: HubError, mediaType: string, format: ErrorFormat): FreshAnswer => ({
  status: ERROR_CODES[spent.code],
  headers: headersOf(mediaType),
  body: Buffer.from(`${JSON.stringify({ errors: [format({ message: spent.message }, spent)] })}\n`),
  isForEverybody: false,
  isByHash: false,
  deprecated: [],
});

const headersOf = (mediaType: string): [string, string][] => [
  ['cache-control', 'no-store'],
  ['content-type', mediaType],
];

/** Finds the media type for an `Accept` header; undefined if the client accepts none of Apollo's. */
function mediaTypes(): (accept: string | undefined) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (accept) => {
    if (!accept) return MEDIA_TYPES[0];
    if (known.has(accept)) return known.get(accept);
    const request = { headers: { accept } } as ConstructorParameters<typeof Negotiator>[0];
    const best = new Negotiator(request).mediaType(MEDIA_TYPES);
    // Clients use a handful of values; a header beyond the first few hundred is parsed each time.
    if (known.size < MOST_KNOWN) known.set(accept, best);
    return best;
  };
}

interface Asked {
  query: string;
  operationName: string | undefined;
  variables: Variables;
}

/** Reads a body as a plain query; undefined for one with extensions, and for one that Apollo has to refuse. */
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

/** The query of a document that passed before. One that asks for the schema is left out: its halves describe themselves. */
function knownQuery(documents: Documents, { query, operationName }: Asked): ReadOperation | undefined {
  const operation = documents.find(query)?.operation(operationName);
  if (operation?.node.operation !== OperationTypeNode.QUERY) return undefined;
  const { roots } = operation.facts;
  return roots.has('__schema') || roots.has('__type') ? undefined : operation;
}
