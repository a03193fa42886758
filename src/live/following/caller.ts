import type { Context } from '../../graphql/context.ts';

/** The person or program that a connection acts for. */
export interface Caller {
  /** Makes the context of one operation. */
  context(): Context;
  /** When its token expires; null if it does not. */
  expiresAt: Date | null;
}

/** The longest that a timer can wait; a token that is valid for longer is asked for again then. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Calls once when the token of a caller expires; undefined if it does not. */
export function whenExpired({ expiresAt }: Caller, end: () => void): NodeJS.Timeout | undefined {
  if (!expiresAt) return undefined;
  return setTimeout(end, Math.min(Math.max(expiresAt.getTime() - Date.now(), 0), LONGEST_WAIT_MS));
}
