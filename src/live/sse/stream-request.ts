import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import Negotiator from 'negotiator';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, fieldFaults, HubError, invalidInput } from '../../errors.ts';
import { demandShallow } from '../../graphql/cost/nesting.rules.ts';
import { type Documents, ReadDocument } from '../../graphql/documents.ts';
import { type ErrorFormat, formatAll, graphqlError } from '../../graphql/error-format.ts';
import { JSON_TYPE } from '../../http/refusal.ts';
import type { ChangeSelection } from '../following/rendering.ts';
import { finalEvents } from './event-stream.ts';

/** When a reader may come back, in milliseconds. */
export const RETRY_MS = 2_000;
/** The same for an EventSource whose request is wrong: it comes back by itself, and is refused again. */
const RETRY_WRONG_MS = 60_000;
const SECOND = 1_000;
const EVENT_STREAM = 'text/event-stream';
const NOT_ACCEPTABLE = 406;

const body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** The document of a request as it was sent; empty where there is none, of which `readStreamRequest` tells. */
export function queryIn({ method, query, body }: FastifyRequest): string {
  const given = (method === 'GET' ? query : body) as { query?: unknown } | null | undefined;
  return typeof given?.query === 'string' ? given.query : '';
}

/**
 * The subscription that a request asks for, or the errors of its operation. Throws INVALID_INPUT for a request that holds
 * no document.
 */
export function readStreamRequest(
  request: FastifyRequest,
  documents: Documents,
): ChangeSelection | readonly GraphQLError[] {
  const given = body.safeParse(request.method === 'GET' ? fromAddress(request.query) : request.body);
  if (!given.success)
    throw invalidInput(fieldFaults(given.error).map(({ path, message }) => ({ path: path || 'body', message })));
  const { query, variables, operationName } = given.data;
  const read = documents.read(query);
  if (!(read instanceof ReadDocument)) return read;
  const operation = read.operation(operationName);
  if (operation?.node.operation !== 'subscription') return [graphqlError(invalidInput([NO_SUBSCRIPTION]))];
  documents.deprecated.count(operation, variables);
  const { schema } = documents;
  const named = operation.node.name?.value;
  return { operation, args: { schema, document: read.document, operationName: named, variableValues: variables } };
}

const NO_SUBSCRIPTION = { path: 'query', message: 'must be one subscription; ask queries and mutations at /graphql' };

/** Whether a client could read a stream of events. */
export const acceptsEvents = ({ raw, headers }: FastifyRequest): boolean =>
  headers.accept === undefined || new Negotiator(raw).mediaType([EVENT_STREAM]) !== undefined;

/** The last event that a reader got before it came back. */
export function lastEventId({ headers }: FastifyRequest): string | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' && given !== '' ? given : undefined;
}

function fromAddress(query: unknown): unknown {
  const { variables, ...rest } = query as Record<string, unknown>;
  if (typeof variables !== 'string') return rest;
  demandShallow(variables);
  try {
    return { ...rest, variables: JSON.parse(variables) };
  } catch {
    throw invalidInput([{ path: 'variables', message: 'must be a JSON object' }]);
  }
}

/**
 * Answers an operation that cannot begin. A client of GraphQL over SSE names `text/event-stream`, and learns of an error of
 * its operation from the stream alone: any other status is a fault of the network to it, and it would ask again for ever.
 * An EventSource asks by GET and comes back by itself after a stream; after another status it never does. So it gets a time
 * to come back at while the database is away or too much was asked, and goes on from the fresh cursor if it has to start over; a reader that comes
 * back by Last-Event-ID does too. Every other client gets JSON and the status of the error.
 */
export function refuseStream(
  reply: FastifyReply,
  formatted: readonly GraphQLError[],
  request: FastifyRequest,
): FastifyReply {
  const { code, cursor, retryAfterSeconds } = formatted[0]?.extensions ?? {};
  const passes = code === 'UNAVAILABLE' || code === 'TOO_MANY_REQUESTS';
  if (typeof retryAfterSeconds === 'number') reply.header('retry-after', String(retryAfterSeconds));
  const isReturning = lastEventId(request) !== undefined;
  const isRepeated = isReturning || request.method === 'GET';
  const namesEvents = isReturning || request.headers.accept?.toLowerCase().includes(EVENT_STREAM);
  const readsEvents = namesEvents && (isRepeated || !passes);
  if (!readsEvents)
    return answerErrors(reply, String(code) in ERROR_CODES ? ERROR_CODES[code as ErrorCode] : 500, formatted);
  reply.type(`${EVENT_STREAM}; charset=utf-8`).header('cache-control', 'no-store');
  const pause = typeof retryAfterSeconds === 'number' ? retryAfterSeconds * SECOND : RETRY_MS;
  if (passes) return reply.send(`retry: ${pause}\n: ${code}\n\n`);
  const pace = isRepeated && code !== 'RESYNC_REQUIRED' ? `retry: ${RETRY_WRONG_MS}\n\n` : '';
  return reply.send(`${pace}${finalEvents(formatted, cursor)}`);
}

const answerErrors = (reply: FastifyReply, status: number, errors: readonly object[]): FastifyReply =>
  reply.code(status).type(JSON_TYPE).send(JSON.stringify({ errors }));

/** Refuses a client that accepts no stream of events. */
export const refuseMediaType = (reply: FastifyReply, format: ErrorFormat): FastifyReply => {
  const error = new HubError(
    'BAD_REQUEST',
    `this address answers ${EVENT_STREAM} alone: accept it, or ask at /graphql`,
  );
  return answerErrors(reply, NOT_ACCEPTABLE, formatAll([graphqlError(error)], format));
};

/** Refuses a reader that comes while the hub is about to end. */
export const aboutToEnd = (): GraphQLError =>
  graphqlError(new HubError('UNAVAILABLE', 'this hub is about to end: come back in a moment'));
