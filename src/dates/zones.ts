export const PARIS = 'Europe/Paris';

/** Minutes ahead of UTC by the names that Europe writes, and by those of RFC 822, in small letters. */
const OFFSETS: Readonly<Record<string, number>> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  azost: 0,
  azot: -60,
  west: 60,
  bst: 60,
  ist: 60,
  cet: 60,
  met: 60,
  mez: 60,
  hnec: 60,
  cest: 120,
  mest: 120,
  mesz: 120,
  haec: 120,
  heec: 120,
  cedt: 120,
  hneo: 0,
  heeo: 60,
  wedt: 60,
  hnee: 120,
  heee: 180,
  eedt: 180,
  eet: 120,
  sast: 120,
  eest: 180,
  fet: 180,
  msk: 180,
  trt: 180,
  edt: -240,
  est: -300,
  cdt: -300,
  cst: -360,
  mdt: -360,
  mst: -420,
  pdt: -420,
  pst: -480,
};
/** The clock on the wall here, in words. Exchange calls it Romance Standard Time. */
const HERE =
  /^(?:heure )?(?:de |a )?(?:(?:d['\u2019](?:ete|hiver)|legale)(?: (?:(?:de|en|d['\u2019]) ?)?)?)?(?:paris|europe centrale|locale?|francaise|france|cet ?\/ ?cest|romance (?:standard|daylight|summer) time)?$/;
const NUMERIC = /^(?:utc|gmt|ut|z)? ?([+-]) ?(\d{1,2})(?:[:h]?(\d{2}))?$/;
const COMMENT = / ?(?:\(([^()]*)\)|\[([^[\]]*)\])$/;
const MOST_OFFSET = 14 * 60;

/** Minutes ahead of UTC that a text in small letters says: `+02:00`, `utc+2`, `cest`, `+0200 (cest)`; null for another text. */
export function offsetOf(text: string): number | null {
  const outside = text.replace(COMMENT, '');
  const name = outside === '' ? insideOf(text) : outside;
  const named = Object.hasOwn(OFFSETS, name) ? OFFSETS[name] : undefined;
  if (named !== undefined) return named;
  const [, sign, hours, minutes = '0'] = NUMERIC.exec(name) ?? [];
  if (sign === undefined || Number(minutes) > 59) return null;
  const offset = Number(hours) * 60 + Number(minutes);
  return offset > MOST_OFFSET ? null : offset * (sign === '-' ? -1 : 1);
}

/** The zone of the time zone database that a text names, with or without brackets; null where it names none. */
export function zoneOf(text: string): string | null {
  const name = insideOf(text);
  if (HERE.test(name)) return PARIS;
  if (!/^[a-z]+(?:\/[a-z_+-]+)+$/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

const insideOf = (text: string): string => {
  const [, round, square] = COMMENT.exec(text) ?? [];
  return (round ?? square ?? text).trim();
};

const DAY_MS = 86_400_000;

/**
 * The instant at which clocks in a zone show a time that is counted as if it were UTC. Of an hour that comes twice it is
 * the first, and an hour that is left out is told by the clock of before, as Temporal's "compatible" has it.
 */
export function instantIn(zone: string, wall: number): number {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const ahead = (at: number): number => millisAhead(format, at);
  const offsets = [ahead(wall - DAY_MS), ahead(wall + DAY_MS)];
  const fits = offsets.map((offset) => wall - offset).find((at) => at + ahead(at) === wall);
  return fits ?? wall - (offsets[0] ?? 0);
}

function millisAhead(format: Intl.DateTimeFormat, at: number): number {
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const millis = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -millis : millis;
}
