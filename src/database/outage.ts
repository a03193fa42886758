import { errorCodeOf, HubError } from '../errors.ts';

/**
 * The classes of PostgreSQL's errors that are no fault of the statement: 08 connections (not 08P01, which is a fault of ours),
 * 57 an operator's intervention or a time limit, and 25006, a database that takes no writes.
 */
const AWAY_CODES = /^(08(?!P01)...|57...|25006)$/;
/** 53: disk, memory or connections have run out; 58: the system below PostgreSQL failed. */
const EXHAUSTED_CODES = /^5[38]...$/;
const AWAY_SOCKET = /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const AWAY_WORDS =
  /Connection terminated|connection is not open|Client has encountered a connection error|not queryable|the database system is/i;

/** The driver's words where PostgreSQL did not answer in time: it may be starting, or have much to do. */
const LATE_WORDS = /timeout exceeded when trying to connect|^timeout expired$|Query read timeout/i;

const unavailable = new HubError(
  'UNAVAILABLE',
  'the database cannot be reached: try again; what is public stays readable',
);

const exhausted = new HubError(
  'UNAVAILABLE',
  'the database has no room or no means left for this: try again; what is public stays readable',
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
  const code = errorCodeOf(error);
  // A file that is missing is ENOENT as well: only the errors of a socket count.
  const ofSocket = 'syscall' in error && /^(connect|read|write|getaddrinfo)$/.test(String(error.syscall));
  return (
    AWAY_CODES.test(code) ||
    (ofSocket && AWAY_SOCKET.test(code)) ||
    AWAY_WORDS.test(error.message) ||
    LATE_WORDS.test(error.message)
  );
}

/** The HubError that a client gets for an error: a HubError as it is, UNAVAILABLE for a lost database, else undefined. */
export function asHubError(error: unknown): HubError | undefined {
  for (const at of causesOf(error)) {
    if (at instanceof HubError) return at;
    if (at instanceof AggregateError && at.errors.some((one) => one instanceof Error && isAway(one)))
      return unavailable;
    if (EXHAUSTED_CODES.test(errorCodeOf(at))) return exhausted;
    if (isAway(at)) return unavailable;
  }
  return undefined;
}

/** Whether an error says that PostgreSQL did not answer in time, which it may do if it is asked again. */
export function isLateAnswer(error: unknown): boolean {
  for (const at of causesOf(error)) if (LATE_WORDS.test(at.message)) return true;
  return false;
}
