import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, fieldFaults, HubError, invalidInput } from '../../errors.ts';
import { type Documents, ReadDocument } from '../../graphql/documents.ts';
import { type ErrorFormat, formatAll, graphqlError } from '../../graphql/error-format.ts';
import type { ChangeSelection } from '../following/rendering.ts';
import { finalEvents } from './event-stream.ts';

/** When a reader may come back, in milliseconds. */
export const RETRY_MS = 2_000;

const body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** The subscription that a request asks for, or the errors of its document. Throws INVALID_INPUT for anything else. */
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
  if (operation?.node.operation !== 'subscription')
    throw invalidInput([{ path: 'query', message: 'must be one subscription; ask queries and mutations at /graphql' }]);
  const { schema } = documents;
  return { operation, args: { schema, document: read.document, operationName, variableValues: variables } };
}

/** The last event that a reader got before it came back. */
export function lastEventId({ headers }: FastifyRequest): string | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' && given !== '' ? given : undefined;
}

function fromAddress(query: unknown): unknown {
  const { variables, ...rest } = query as Record<string, unknown>;
  if (typeof variables !== 'string') return rest;
  try {
    return { ...rest, variables: JSON.parse(variables) };
  } catch {
    throw invalidInput([{ path: 'variables', message: 'must be a JSON object' }]);
  }
}

/**
 * Refuses a stream in JSON. But an EventSource reads no answer other than 200: a reader that comes back by Last-Event-ID
 * gets an event if it has to start over (and goes on from the fresh cursor), or a time to come back at while the database
 * is away.
 */
export function refuseStream(
  reply: FastifyReply,
  errors: readonly GraphQLError[],
  request: FastifyRequest,
  format: ErrorFormat,
): FastifyReply {
  const formatted = formatAll(errors, format);
  const { code, cursor } = formatted[0]?.extensions ?? {};
  if (lastEventId(request) && (code === 'RESYNC_REQUIRED' || code === 'UNAVAILABLE'))
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(code === 'UNAVAILABLE' ? `retry: ${RETRY_MS}\n: ${code}\n\n` : finalEvents(formatted, cursor));
  const status = String(code) in ERROR_CODES ? ERROR_CODES[code as ErrorCode] : 500;
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: formatted }));
}

/** Refuses a reader that comes while the hub is about to end. */
export const aboutToEnd = (): GraphQLError =>
  graphqlError(new HubError('UNAVAILABLE', 'this hub is about to end: come back in a moment'));
