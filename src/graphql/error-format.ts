import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ERROR_CODES, type HubError } from '../errors.ts';

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
/** Part of the protocol of persisted queries: clients act on these very codes. */
const PROTOCOL = new Set(['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED']);

/** The one place where errors become GraphQL answers. An unexpected error is logged with an id, and only the id leaves. */
export function errorFormatter(log: LogUnexpected, asHubError: AsHubError): ErrorFormat {
  return (formatted, error) => {
    const { locations, path } = formatted;
    const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
    const known = asHubError(error);
    if (known) return { message: known.message, ...place, extensions: { code: known.code, ...known.facts } };
    const code = String(formatted.extensions?.code ?? '');
    if (PROTOCOL.has(code)) return { message: formatted.message, extensions: { code } };
    if (REQUEST_FAULTS.has(code) || isRequestFault(error, path))
      return { message: formatted.message, ...place, extensions: { code: 'BAD_REQUEST' } };
    const id = randomUUID();
    log(error, id);
    return { message: `Internal error; its id is ${id}`, ...place, extensions: { code: 'INTERNAL', id } };
  };
}

/** A list of errors, each as clients get it. */
export const formatAll = (errors: readonly GraphQLError[], format: ErrorFormat): GraphQLError[] =>
  errors.map((error) => format(error.toJSON(), error) as GraphQLError);

/** A GraphQLError of graphql-js itself (syntax, validation, variables): it wraps nothing and has no path. */
const isRequestFault = (error: unknown, path: GraphQLFormattedError['path']): boolean =>
  error instanceof GraphQLError && !error.originalError && path === undefined;

/** A HubError as graphql-js has errors. */
export const graphqlError = (error: HubError): GraphQLError =>
  new GraphQLError(error.message, { originalError: error });

/** A HubError as a GraphQLError that may be thrown before execution, with the HTTP status of its code. */
export const httpError = (error: HubError): GraphQLError =>
  new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status: ERROR_CODES[error.code] } },
  });
