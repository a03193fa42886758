/** How long to wait after the first, second … attempt that failed, in seconds. After the tenth attempt there is no other. */
export const WAITS_S = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** A webhook of which every attempt failed for so long is paused, in milliseconds. */
export const PATIENCE_MS = 5 * 24 * 3600_000;

const LONGEST_MS = 24 * 3600_000;
/** So that those who failed together do not come back together. */
const JITTER = 0.1;

/**
 * How long to wait before the next attempt, in milliseconds, or null when that was the last. `asked` is what the receiver
 * wants to be left alone for; it is heard up to a day. `random` lies in [0, 1).
 */
export function waitAfter(attempts: number, asked: number | null, random: number): number | null {
  const seconds = WAITS_S[attempts - 1];
  if (seconds === undefined) return null;
  return Math.max(Math.round(seconds * 1000 * (1 + JITTER * random)), Math.min(asked ?? 0, LONGEST_MS));
}

/** What `Retry-After` asks for, in milliseconds from now on; null for none, and for what cannot be read. */
export function retryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // A date begins with the name of its day; what else JavaScript takes for a date is none of HTTP.
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
