import type { Departed } from '../../publications/ending/departed.rules.ts';
import { SEVERITIES } from '../../publications/vocabulary.ts';
import { type Departure, departureOf, stillNews } from '../departure.ts';
import {
  type ChangeMatch,
  isGraveEnough,
  type MatchedChange,
  matchesChange,
  type Reach,
} from './change-filter.rules.ts';

/** A thread as it is public, with its departures of the last day. */
export interface Departing {
  readonly brief: Reach;
  readonly departures: readonly Departure[];
}

/**
 * How a publication left what a filter lets pass, where that is still news at a moment (milliseconds since 1970); undefined
 * where it never passed, still passes or passes again.
 */
export function departedFrom(match: ChangeMatch, { brief, departures }: Departing, now: number): Departed | undefined {
  if (departures.length === 0 || matchesChange(match, brief)) return undefined;
  const last = stillNews(departures, now).findLast(({ before }) => matchesChange(match, before as Reach));
  return last && how(match, brief, last);
}

/** How the publication of one change left what a filter lets pass; undefined where it did not. */
export function departedBy(match: ChangeMatch, { entry, match: stands }: MatchedChange): Departed | undefined {
  const departure = stands === 'LEFT' ? departureOf(entry) : undefined;
  return departure && how(match, entry.document, departure);
}

function how(match: ChangeMatch, brief: Reach, { revision, at, before }: Departure): Departed | undefined {
  const isElsewhere = match.communes !== undefined && !brief.communes.some((code) => match.communes?.has(code));
  if (!isElsewhere && isGraveEnough(match, brief)) return undefined;
  const gone = isElsewhere ? (before.communes ?? []).filter((code) => match.communes?.has(code)) : [];
  return { revision, at, communes: gone.sort(), least: SEVERITIES[match.least] ?? 'UNKNOWN' };
}
