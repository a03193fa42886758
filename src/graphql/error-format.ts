import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { ERROR_CODES, type ErrorCode, type HubError } from '../errors.ts';
import { limitOf } from './limits.ts';

export type LogUnexpected = (error: unknown, id: string) => void;
/** Finds the HubError that an error stands for; undefined for an unexpected one. */
export type AsHubError = (error: unknown) => HubError | undefined;
export type ErrorFormat = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** The codes by which Apollo and graphql-js refuse a request that is wrong in itself. */
const REQUEST_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);
/** Part of the protocol of persisted queries: clients act on this very code. */
const UNKNOWN_HASH: ErrorCode = 'PERSISTED_QUERY_NOT_FOUND';

/** The one place where errors become GraphQL answers. An unexpected error is logged with an id, and only the id leaves. */
export function errorFormatter(log: LogUnexpected, asHubError: AsHubError): ErrorFormat {
  return (formatted, error) => {
    const { locations, path } = formatted;
    const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
    const known = asHubError(error);
    if (known) return { message: known.message, ...place, extensions: { code: known.code, ...known.facts } };
    const code = String(formatted.extensions?.code ?? '');
    if (code === UNKNOWN_HASH) return { message: formatted.message, extensions: { code } };
    if (REQUEST_FAULTS.has(code) || isRequestFault(error, path)) {
      const limit = limitOf(formatted);
      return { message: formatted.message, ...place, extensions: { code: 'BAD_REQUEST', ...(limit ? { limit } : {}) } };
    }
    const id = randomUUID();
    log(error, id);
    return { message: `Internal error; its id is ${id}`, ...place, extensions: { code: 'INTERNAL', id } };
  };
}

/** A list of errors, each as clients get it. */
export const formatAll = (errors: readonly GraphQLError[], format: ErrorFormat): GraphQLError[] =>
  errors.map((error) => format(error.toJSON(), error) as GraphQLError);

/** The codes that the log tells of: who asked was not to have it, or not now. */
const REFUSALS: ReadonlySet<unknown> = new Set<ErrorCode>(['FORBIDDEN', 'UNAUTHENTICATED', 'TOO_MANY_REQUESTS']);

/** Those of them that a client gets in an answer. */
export const refusalsIn = (formatted: readonly GraphQLFormattedError[]): string[] =>
  formatted.map(({ extensions }) => String(extensions?.code)).filter((code) => REFUSALS.has(code));

/**
 * Whether graphql-js found a request wrong in itself: its syntax, its validity, its variables (before a field has a path),
 * or the value of an argument (`first: $n` with null for `$n`). graphql-js wraps its own errors in others as it adds where
 * they stand, so the innermost one is asked. A value that a resolver gave and no scalar can write has no place in the
 * document; a field that gave the wrong type stands at the field.
 */
function isRequestFault(error: unknown, path: GraphQLFormattedError['path']): boolean {
  const inner = innermost(error);
  if (!(inner instanceof GraphQLError)) return false;
  if (path === undefined) return true;
  return inner.nodes?.every(({ kind }) => kind !== Kind.FIELD) ?? false;
}

const innermost = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? innermost(error.originalError) : error;

/** A HubError as graphql-js has errors. */
export const graphqlError = (error: HubError): GraphQLError =>
  new GraphQLError(error.message, { originalError: error });

/** A HubError as a GraphQLError that may be thrown before execution, with the HTTP status of its code. */
export const httpError = (error: HubError): GraphQLError =>
  new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status: ERROR_CODES[error.code] } },
  });
