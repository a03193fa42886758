import { HubError } from '../errors.ts';

// Of PostgreSQL: connections (not 08P01, which is a fault of ours), shutdown and start, too many, read-only.
const AWAY_CODES = /^(0800[013467]|57P0[123]|53300|25006)$/;
const AWAY_SOCKET = /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const AWAY_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|connection is not open|Client has encountered a connection error|not queryable|the database system is/i;

const unavailable = new HubError(
  'UNAVAILABLE',
  'the database cannot be reached: try again; what is public stays readable',
);

/** Every error in a chain of causes, outermost first; drivers and graphql-js name the cause each in their own way. */
function* causesOf(error: unknown): Generator<Error> {
  const seen = new Set<unknown>();
  for (let at: unknown = error; at instanceof Error && !seen.has(at); ) {
    seen.add(at);
    yield at;
    if ('originalError' in at) at = at.originalError;
    else at = at.cause ?? ('previous' in at ? at.previous : undefined);
  }
}

function isAway(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  // A file that is missing is ENOENT as well: only the errors of a socket count.
  const ofSocket = 'syscall' in error && /^(connect|read|write|getaddrinfo)$/.test(String(error.syscall));
  return AWAY_CODES.test(code) || (ofSocket && AWAY_SOCKET.test(code)) || AWAY_WORDS.test(error.message);
}

/** The HubError that a client gets for an error: a HubError as it is, UNAVAILABLE for a lost database, else undefined. */
export function asHubError(error: unknown): HubError | undefined {
  for (const at of causesOf(error)) {
    if (at instanceof HubError) return at;
    if (at instanceof AggregateError && at.errors.some((one) => one instanceof Error && isAway(one)))
      return unavailable;
    if (isAway(at)) return unavailable;
  }
  return undefined;
}
