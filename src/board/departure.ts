import { instant } from '../clock.ts';
import type { Entry } from '../journal/entry.ts';
import type { Brief, PublicDocument } from '../publications/document.ts';
import { kindOf } from '../publications/kinds.ts';
import { gravity } from '../publications/vocabulary.ts';

/** Feeds say for so long what left a place, or ended earlier than it was announced. */
const NEWS_MS = 24 * 3600_000;

/**
 * A publication before a revision that took it from a commune, made it less grave or brought its end forward. Feeds of a
 * place need it: what is public now does not say where it was before.
 */
export interface Departure {
  /** The revision, where its entry stands in the journal, and when it was published (RFC 3339). */
  readonly revision: number;
  readonly position: number;
  readonly at: string;
  /** The fields that filters compare, and the end. */
  readonly before: Partial<PublicDocument>;
}

/** An entry of the journal, as far as a departure is seen in it. */
export interface DepartingEntry extends Pick<Entry<PublicDocument>, 'position' | 'at' | 'before'> {
  readonly document: Pick<PublicDocument, 'kind' | 'communes' | 'endsAt' | 'revision'>;
}

/** The departure that an entry of the journal is; undefined for an entry that takes nothing from anybody. */
export function departureOf({ before, document, position, at }: DepartingEntry): Departure | undefined {
  if (!before || !(isNarrower(before, document) || isLessGrave(before, document) || isShorter(before, document)))
    return undefined;
  return { revision: document.revision, position, at, before };
}

type After = Pick<PublicDocument, 'kind' | 'communes' | 'endsAt'>;

const isNarrower = (before: Partial<PublicDocument>, { communes }: After): boolean =>
  before.communes?.some((code) => !communes.includes(code)) ?? false;

const isLessGrave = (before: Partial<PublicDocument>, after: After): boolean =>
  severityOf(after.kind, before) > severityOf(after.kind, after);

const severityOf = (kind: PublicDocument['kind'], document: object): number => {
  const danger = kindOf(kind).danger(document as Brief);
  return danger ? gravity(danger.severity) : 0;
};

/** An end that was open has no field in `before`. */
const isShorter = (before: Partial<PublicDocument>, { endsAt }: After): boolean =>
  endsAt !== null && (!before.endsAt || instant(before.endsAt) > instant(endsAt));

/** The departures of a thread that are still news at a moment (milliseconds since 1970). */
export const stillNews = (departures: readonly Departure[], now: number): Departure[] =>
  departures.filter(({ at }) => instant(at) > now - NEWS_MS);

/** Whether the end that stands was brought forward by a revision that is still news. */
export const wasShortened = (departures: readonly Departure[], document: After, now: number): boolean =>
  stillNews(departures, now).some(({ before }) => isShorter(before, document));
