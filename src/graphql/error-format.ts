import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ERROR_CODES, HubError } from '../errors.ts';

export type LogUnexpected = (error: unknown, id: string) => void;

/** What Apollo and graphql-js say of a request that is wrong in itself. */
const REQUEST_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);
/** Part of the protocol of persisted queries: clients act on these very codes. */
const PROTOCOL = new Set(['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED']);

// Of PostgreSQL: connections (not 08P01, which is a fault of ours), shutdown and start, too many, read-only.
const AWAY_CODES = /^(0800[013467]|57P0[123]|53300|25006)$/;
const AWAY_SOCKET = /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const AWAY_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|connection is not open|Client has encountered a connection error|not queryable|the database system is/i;

/** Every error in a chain of causes, outermost first. */
function* chain(error: unknown): Generator<Error> {
  const seen = new Set<unknown>();
  for (let at: unknown = error; at instanceof Error && !seen.has(at); ) {
    seen.add(at);
    yield at;
    at = at instanceof GraphQLError ? at.originalError : (at.cause ?? ('previous' in at ? at.previous : undefined));
  }
}

function isAway(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  // A file that is not there is ENOENT as well: only what a socket does counts.
  const ofSocket = 'syscall' in error && /^(connect|read|write|getaddrinfo)$/.test(String(error.syscall));
  return AWAY_CODES.test(code) || (ofSocket && AWAY_SOCKET.test(code)) || AWAY_WORDS.test(error.message);
}

/** What an error means to a caller: a HubError as it is, a lost database as UNAVAILABLE, undefined for the unexpected. */
export function asHubError(error: unknown): HubError | undefined {
  for (const at of chain(error)) {
    if (at instanceof HubError) return at;
    if (at instanceof AggregateError && at.errors.some((one) => one instanceof Error && isAway(one)))
      return unavailable;
    if (isAway(at)) return unavailable;
  }
  return undefined;
}

const unavailable = new HubError(
  'UNAVAILABLE',
  'the database cannot be reached: try again, with the same Idempotency-Key; what is public stays readable',
);

/** The one place where errors become answers. What is unexpected is logged with an id, and only the id leaves. */
export function errorFormatter(log: LogUnexpected) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
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

/** A GraphQLError of graphql-js itself (syntax, validation, variables): it wraps nothing and stands at no path. */
const isRequestFault = (error: unknown, path: GraphQLFormattedError['path']): boolean =>
  error instanceof GraphQLError && !error.originalError && path === undefined;

/** A HubError as graphql-js wants it thrown before execution, with the HTTP status of its code. */
export const httpError = (error: HubError): GraphQLError =>
  new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status: ERROR_CODES[error.code] } },
  });
