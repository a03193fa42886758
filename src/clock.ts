/** Time as a value, so that a test or a demo can tell it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

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

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'longOffset',
  hourCycle: 'h23',
});

/** A moment as the public reads it: RFC 3339 to the second, with the offset of Europe/Paris on that date. */
export function parisTime(at: Date): string {
  const p = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  const offset = (p.timeZoneName ?? 'GMT').slice(3) || '+00:00';
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}${offset}`;
}

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
