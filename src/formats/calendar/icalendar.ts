import { instant } from '../../clock.ts';
import type { TextContent } from '../../publications/content/content.ts';
import { currentText } from '../../publications/content/translations.rules.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import type { EventDocument, Keyed, Passage } from '../../publications/event/event.content.ts';
import { lately, withKeys } from '../../publications/event/passage.rules.ts';
import { changedAt } from '../../publications/news.rules.ts';
import type { FormatSetting } from '../setting.ts';
import { departureTitle } from '../text/departure.ts';
import { wordingFor } from '../text/wording.ts';
import { contentLine, escapeText, parisProperty, utcStamp } from './icalendar-lines.ts';

export interface CalendarOptions extends FormatSetting {
  /** The name under which calendars show the whole. */
  name: string;
  /** Milliseconds since 1970; where it is left out, a passage that was dropped counts as dropped within the day. */
  now?: number;
  /** How events left the place that the calendar is of, by their ids; none where it is left out. */
  departed?: ReadonlyMap<string, Departed>;
}

/** Europe/Paris as the European Union has had it since 1996. */
const PARIS = `BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE`.split('\n');

/**
 * Events as an iCalendar object (RFC 5545): each event a component, and each of its passages one that is related to it.
 * Valid without any, by its time zone.
 */
export function calendar(events: readonly EventDocument[], options: CalendarOptions): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Tocsin//Tocsin//FR',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    contentLine('X-WR-CALNAME', escapeText(options.name)),
    'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
    'X-PUBLISHED-TTL:PT15M',
    ...PARIS,
    ...events.flatMap((event) => [...eventLines(event, options), ...passagesOf(event, options)]),
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

function eventLines(event: EventDocument, options: CalendarOptions): string[] {
  const { publicUrl, language } = options;
  const text = currentText(event.texts, language);
  const words = [text.description, text.instruction, event.cancelled?.reason, event.organiser].filter(Boolean);
  return component(event, options, [
    contentLine('UID', event.id),
    parisProperty('DTSTART', event.startsAt),
    parisProperty('DTEND', endOf(event)),
    contentLine(`SUMMARY;LANGUAGE=${text.language}`, escapeText(titleOf(event, text, options))),
    contentLine(`DESCRIPTION;LANGUAGE=${text.language}`, escapeText(words.join('\n\n'))),
    contentLine('LOCATION', escapeText(event.areas.map(({ description }) => description).join(', '))),
    contentLine('URL', `${publicUrl}/publications/${event.id}`),
  ]);
}

/** One component for each passage; calendars keep what they have unless it is said to be off, so those that were dropped stay a day. */
const passagesOf = (event: EventDocument, options: CalendarOptions): string[] => [
  ...withKeys(event.passages).flatMap((passage) => passageLines(event, passage, options)),
  ...lately(event, options.now ?? instant(event.revisedAt)).flatMap((passage) =>
    passageLines(event, passage, options, 'CANCELLED'),
  ),
];

/** A passage under its key, so that one whose words, place or time are mended moves, and none is added. */
function passageLines(
  event: EventDocument,
  { key, label, commune, expectedFrom, expectedTo, geometry }: Keyed<Passage>,
  options: CalendarOptions,
  status?: 'CANCELLED',
): string[] {
  const { publicUrl, territory, language } = options;
  const place = commune === null ? undefined : territory.byCode(commune)?.name;
  const [lon, lat] = geometry?.type === 'Point' ? geometry.coordinates : [];
  const lines = [
    contentLine('UID', `${event.id}-${key}`),
    contentLine('RELATED-TO', event.id),
    parisProperty('DTSTART', expectedFrom),
    ...(expectedTo && instant(expectedTo) > instant(expectedFrom) ? [parisProperty('DTEND', expectedTo)] : []),
    contentLine('SUMMARY', escapeText(mark(event) + label)),
    contentLine('DESCRIPTION', escapeText(currentText(event.texts, language).headline)),
    ...(place ? [contentLine('LOCATION', escapeText(place))] : []),
    ...(lon === undefined || lat === undefined ? [] : [contentLine('GEO', `${lat};${lon}`)]),
    contentLine('URL', `${publicUrl}/publications/${event.id}`),
  ];
  return component(event, options, lines, status);
}

/** The properties that all components of an event share. The status is the event's own unless another one is given. */
const component = (
  event: EventDocument,
  { departed }: CalendarOptions,
  lines: readonly string[],
  status: string = departed?.has(event.id) ? 'CANCELLED' : statusOf(event),
): string[] => [
  'BEGIN:VEVENT',
  ...lines,
  contentLine('DTSTAMP', utcStamp(changedAt(event))),
  contentLine('CREATED', utcStamp(event.publishedAt)),
  contentLine('LAST-MODIFIED', utcStamp(changedAt(event))),
  // An event that ends a thread has no revision of its own: it counts as the next.
  `SEQUENCE:${event.revision - 1 + (event.cancelled || event.allClear ? 1 : 0)}`,
  `STATUS:${status}`,
  'TRANSP:TRANSPARENT',
  ...(event.mode === 'ACTUAL' ? [] : [`CATEGORIES:${event.mode}`]),
  'END:VEVENT',
];

/** An event that left the calendar's place is taken out of it, with words that say that it takes place elsewhere. */
function titleOf({ id, mode }: EventDocument, text: TextContent, { departed, territory }: CalendarOptions): string {
  const left = departed?.get(id);
  return left ? departureTitle(mode, left, text, { wording: wordingFor(text.language), territory }) : text.headline;
}

const mark = ({ mode }: EventDocument): string => (mode === 'ACTUAL' ? '' : mode === 'TEST' ? 'TEST ' : 'EXERCICE ');

/** An event that people ended while it went on ends then. */
const endOf = ({ startsAt, endsAt, allClear }: EventDocument): string =>
  allClear && instant(allClear.at) > instant(startsAt) && instant(allClear.at) < instant(endsAt) ? allClear.at : endsAt;

function statusOf({ cancelled, allClear, eventStatus, startsAt }: EventDocument): string {
  if (cancelled || eventStatus === 'CANCELLED') return 'CANCELLED';
  if (allClear && instant(allClear.at) <= instant(startsAt)) return 'CANCELLED';
  return eventStatus === 'POSTPONED' ? 'TENTATIVE' : 'CONFIRMED';
}
