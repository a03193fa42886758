import { readDate } from './read-date.ts';

/** How long the hub waits at most where a server asks it to, in milliseconds. */
export const LONGEST_WAIT_MS = 24 * 3600_000;

/** The wait that `Retry-After` asks for, in milliseconds from now on; null for no header and for an unreadable one. */
export function retryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // HTTP's dates begin with the name of the day.
  const at = /^[A-Z][a-z]{2}/.test(text) ? readDate(text) : null;
  return at && Math.max(0, at.getTime() - now.getTime());
}
