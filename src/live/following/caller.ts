import type { IncomingMessage } from 'node:http';
import type { Payer } from '../../allowance/payer.ts';
import type { Context } from '../../graphql/context.ts';

/** The person or program that a connection acts for. */
export interface Caller {
  /** Makes the context of one operation. */
  context(): Context;
  /** When its token expires; null if it does not. */
  expiresAt: Date | null;
  /** Pays for its operations. */
  payer: Payer;
  /**
   * Calls as soon as its account changes, or at once where it has; answers how to stop. Left out for an anonymous caller. With
   * words where something else is over.
   */
  endsWith?: (end: (reason?: string) => void) => () => void;
}

/** Counts a WebSocket or event stream that opens; answers how to say that it has closed. Throws TOO_MANY_REQUESTS. */
export type OpenStream = (request: IncomingMessage) => () => void;

/** The longest that a timer can wait; a token that is valid for longer is asked for again then. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * Calls with the reason once a caller may no longer follow: its token expires, or its account changes. Answers how to stop;
 * undefined for a caller who may follow for ever.
 */
export function whenOver({ expiresAt, endsWith }: Caller, end: (reason: string) => void): (() => void) | undefined {
  if (!expiresAt && !endsWith) return undefined;
  const stop = endsWith?.((reason = 'The account has changed') => end(reason));
  const wait = expiresAt && Math.min(Math.max(expiresAt.getTime() - Date.now(), 0), LONGEST_WAIT_MS);
  const timer = wait === null ? undefined : setTimeout(end, wait, 'The token has expired');
  return () => {
    clearTimeout(timer);
    stop?.();
  };
}
