import { monthOf, withoutWeekday } from './calendar-words.ts';
import { instantIn, offsetOf, PARIS, zoneOf } from './zones.ts';

const MOST_CHARACTERS = 100;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The first day of 1970 is the zero of a machine that knew no date. After 2199 PostgreSQL and Intl part ways. */
const EARLIEST = DAY_MS;
const LATEST = Date.UTC(2200, 0);

/** Days as people and machines write them; the day stands before the month wherever both are numbers. */
const DAYS = [
  /^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d)/,
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?!\d)/,
  /^(?<day>\d{1,2}) ?[-/. ] ?(?<month>\d{1,2}) ?[-/. ] ?(?<year>\d{4}|\d{2})(?!\d)/,
  /^(?<day>\d{1,2})(?:er|st|nd|rd|th)?(?: of(?= ))?[-. ]{0,2}(?<name>[a-z]{3,9})[-., ]{0,2}(?<year>\d{4}|\d{2})(?!\d)/,
  /^(?<name>[a-z]{3,9})\.? ?(?<day>\d{1,2})(?:st|nd|rd|th)?[, ] ?(?<year>\d{4})(?!\d)/,
];
/** As logs have it, in one piece. */
const IN_ONE_PIECE = /^(\d{8})(\d{4}(?:\d{2})?)(?!\d)/;
const BEFORE_TIME = /^(?: ?[t_] ?(?=\d)|[\s,|]*(?:(?:a|at|vers|um|-|:) )?)/;
/** Noon, and the end of the day: the hub itself writes it so. */
const SPOKEN_TIMES: readonly (readonly [RegExp, string])[] = [
  [/\bmidi et demie?\b/, '12:30'],
  [/\bmidi\b/, '12:00'],
  [/\bminuit\b/, '24:00'],
];
/** The time before the day: 19h00, vendredi 5 juin 2026. */
const TIME_FIRST =
  /^(?:(?:a|at) )?(\d{1,2} ?(?:[:h] ?\d{2}(?::\d{2})?|h(?:eures?)?))(?: ?[-,|]| (?:le|du|on))? (?=.*\d{2}$)(.+)$/;
const TIMES = [
  /^(?<hour>\d{1,2}) ?(?:heures?|hrs?|[:.h]) ?(?:(?<minute>\d{2})(?: ?(?:[:.']|min|mn?(?![a-z])) ?(?<second>\d{2})?(?:[.,]\d+)?)?)?(?:s(?= |$))?(?: uhr)?(?!\d)/,
  /^(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})?(?:[.,]\d+)?(?!\d)/,
  /^(?<hour>\d{1,2})(?= ?[ap]\.?m\b)/,
];
const HALF_OF_DAY = /^ ?([ap])\.?m\b\.?/;
/** As `date` and C's asctime write: the year stands last. */
const YEAR_LAST = /^([a-z]{3,9} \d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?(?: .*)?) (\d{4})$/;
const PREAMBLE = /^(?:(?:publie|mis a jour|modifie|date) ?(?:: ?)?)?(?:le )?/;

/**
 * The instant of a date that a stranger wrote: RFC 822, RFC 3339, or as people write in French and English. `05/06` is the
 * fifth of June; without an offset or zone it is Paris time. Null for anything else, and for a day that no calendar has.
 */
export function readDate(text: string | null | undefined): Date | null {
  const plain = plainDate(text ?? '');
  if (plain.length > MOST_CHARACTERS) return null;
  return instantOf(plain) ?? instantOf(withoutWeekday(plain)) ?? instantOf(withoutWeekday(dayFirst(plain)));
}

const plainDate = (text: string): string =>
  text
    .slice(0, 2 * MOST_CHARACTERS)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/\p{Pd}|\u2212/gu, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(PREAMBLE, '');

function instantOf(text: string): Date | null {
  const ordered = dayFirst(text);
  const day = firstMatch(DAYS, ordered);
  if (!day) return null;
  const midnight = midnightOf(day.groups);
  if (midnight === null) return null;
  const after = ordered.slice(day.length);
  const rest = after.replace(BEFORE_TIME, '');
  const time = firstMatch(TIMES, rest);
  const half = time && HALF_OF_DAY.exec(rest.slice(time.length));
  const wall = time ? midnight + (millisOf(time.groups, half?.[1]) ?? Number.NaN) : midnight;
  return inRange(inZone(wall, time ? rest.slice(time.length + (half?.[0].length ?? 0)) : after));
}

const dayFirst = (text: string): string => {
  const ordered = text.replace(YEAR_LAST, '$1 $3 $2').replace(IN_ONE_PIECE, '$1 $2').replace(TIME_FIRST, '$2 $1');
  return SPOKEN_TIMES.reduce((spoken, [pattern, time]) => spoken.replace(pattern, time), ordered);
};

/** The instant of a time on a wall clock, counted as if it were UTC, by the zone that stands behind it. */
function inZone(wall: number, written: string): number {
  if (Number.isNaN(wall)) return Number.NaN;
  const text = written.replace(/^\s*,/, '').trim();
  if (text === '') return instantIn(PARIS, wall);
  const offset = offsetOf(text);
  if (offset !== null) return wall - offset * MINUTE_MS;
  const zone = zoneOf(text);
  return zone === null ? Number.NaN : instantIn(zone, wall);
}

const inRange = (at: number): Date | null => (at >= EARLIEST && at < LATEST ? new Date(Math.floor(at)) : null);

type Groups = Readonly<Record<string, string | undefined>>;

function firstMatch(patterns: readonly RegExp[], text: string): { groups: Groups; length: number } | null {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match) return { groups: match.groups ?? {}, length: match[0].length };
  }
  return null;
}

/** The beginning of a day counted as if it were UTC, or null for a day that the calendar does not have. */
function midnightOf({ year = '', month, name, day }: Groups): number | null {
  const months = name === undefined ? Number(month) : monthOf(name);
  if (months === null) return null;
  // As RFC 2822 reads years of two digits.
  const fullYear = year.length > 2 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);
  const at = new Date(Date.UTC(fullYear, months - 1, Number(day)));
  const exists = at.getUTCMonth() === months - 1 && at.getUTCDate() === Number(day);
  return exists ? at.getTime() : null;
}

/** A time of day in milliseconds; 24:00 is the end of the day, and second 60 is told as 59. Null for a time that no clock shows. */
function millisOf({ hour, minute = '0', second = '0' }: Groups, half: string | undefined): number | null {
  const [hours, minutes, seconds] = [hourOf(Number(hour), half), Number(minute), Number(second)];
  if (hours === null || minutes > 59 || seconds > 60) return null;
  if (hours > 24 || (hours === 24 && minutes + seconds > 0)) return null;
  return ((hours * 60 + minutes) * 60 + Math.min(seconds, 59)) * 1000;
}

function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === 'p' ? 12 : 0);
}
