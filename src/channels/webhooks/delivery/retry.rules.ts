import { LONGEST_WAIT_MS } from '../../../dates/retry-after.ts';

/** The waits after the first, second … failed attempt, in seconds. The tenth attempt is the last. */
export const WAITS_S = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** The hub pauses a webhook of which every attempt failed for this time, in milliseconds. */
export const PAUSE_AFTER_MS = 5 * 24 * 3600_000;

/** Staggers attempts that failed together, so that they are not repeated together. */
const JITTER = 0.1;

/**
 * The wait before the next attempt, in milliseconds, or null when that was the last. `asked` is the wait that the receiver
 * asks for; the hub keeps to it up to a day. `random` lies in [0, 1).
 */
export function waitAfter(attempts: number, asked: number | null, random: number): number | null {
  const seconds = WAITS_S[attempts - 1];
  if (seconds === undefined) return null;
  return Math.max(Math.round(seconds * 1000 * (1 + JITTER * random)), Math.min(asked ?? 0, LONGEST_WAIT_MS));
}
