/** Time as a value, so that a test or a demo can set it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that shows no time before this one, in milliseconds since 1970. */
export const notBefore = (clock: Clock, least: number): Clock => ({
  now: () => new Date(Math.max(clock.now().getTime(), least)),
});

/** A clock that stands where it was set; `set` moves it. */
export class SetClock implements Clock {
  #now: Date;
  constructor(at: Date | string) {
    this.#now = new Date(at);
  }
  now(): Date {
    return new Date(this.#now);
  }
  set(at: Date | string): void {
    this.#now = new Date(at);
  }
}

const zone = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', timeZoneName: 'longOffset' });
const HOUR_MS = 3600_000;
const MOST_OFFSETS = 10_000;
// Intl takes microseconds for each date, and a hub that starts formats thousands. Offsets change on the hour.
const offsets = new Map<number, string>();

function offsetAt(at: Date): string {
  const hour = Math.floor(at.getTime() / HOUR_MS);
  const known = offsets.get(hour);
  if (known) return known;
  const name = zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const offset = name.slice(3) || '+00:00';
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  offsets.set(hour, offset);
  return offset;
}

/** A moment as the public reads it: RFC 3339 to the second, with the offset of Europe/Paris on that date. From 1970 on. */
export function parisTime(at: Date): string {
  const offset = offsetAt(at);
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  const ahead = (hours * 60 + minutes) * 60_000 * (offset.startsWith('-') ? -1 : 1);
  return `${new Date(at.getTime() + ahead).toISOString().slice(0, 19)}${offset}`;
}

/** The same for a moment that may not have come: null then. */
export const parisTimeIf = (at: Date | null | undefined): string | null => (at ? parisTime(at) : null);

/** Milliseconds since 1970 of a moment in RFC 3339. */
export const instant = (text: string): number => Date.parse(text);

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;
// Before and after, offsets have seconds, years have five digits, and PostgreSQL counts otherwise than JavaScript.
const EARLIEST = Date.UTC(1970, 0);
const LATEST = Date.UTC(2200, 0);

/** Whether a text is a moment of RFC 3339 that exists: no 30 February, no 24 o'clock; from 1970 to 2199. */
export function isMoment(text: string): boolean {
  const [, year, month, day, hour] = (RFC3339.exec(text) ?? []).map(Number);
  const at = instant(text);
  if (!year || !month || !(at >= EARLIEST && at < LATEST)) return false;
  // JavaScript reads the 30th of February as the 2nd of March: the day must survive the round trip.
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && hour !== 24;
}
