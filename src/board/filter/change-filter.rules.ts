import { type FieldFault, invalidInput } from '../../errors.ts';
import type { Entry } from '../../journal/entry.ts';
import type { Brief, PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import { type FilterMatch, gravity, KINDS, type Mode, type PublicationKind } from '../../publications/vocabulary.ts';
import type { Territory } from '../../territory/territory.ts';
import type { ChangeFilter } from './change-filter.types.ts';
import { codesOf, incidentsOf, threadsOf } from './filter.read.ts';
import { hazardOf } from './filter.rules.ts';

/** Which changes, as it is matched: sets whose order says nothing, so that equal filters are equal as text. */
export interface ChangeMatch {
  readonly modes: ReadonlySet<Mode>;
  readonly kinds: ReadonlySet<PublicationKind>;
  /** Threads; undefined: every one. */
  readonly publications?: ReadonlySet<string>;
  readonly incidents?: ReadonlySet<string>;
  /** Codes of OASIS Event Terms. */
  readonly hazards?: ReadonlySet<string>;
  /** INSEE codes of today; undefined: everywhere. */
  readonly communes?: ReadonlySet<string>;
  /** The least gravity of a danger; a document that warns of none passes. */
  readonly least: number;
}

/** Reads a filter of the API. INVALID_INPUT names an unknown commune. */
export function readChangeFilter(where: ChangeFilter | null | undefined, territory: Territory): ChangeMatch {
  const faults: FieldFault[] = [];
  const communes = where?.communes && codesOf(where.communes, territory, faults);
  const publications = where?.publications && threadsOf(where.publications, faults);
  const incidents = where?.incidents && incidentsOf(where.incidents, faults);
  if (faults.length > 0) throw invalidInput(faults);
  return {
    modes: new Set(where?.modes ?? ['ACTUAL']),
    kinds: new Set(where?.kinds ?? KINDS),
    least: where?.severityAtLeast ? gravity(where.severityAtLeast) : 0,
    ...(communes ? { communes } : {}),
    ...(publications ? { publications } : {}),
    ...(incidents ? { incidents } : {}),
    ...(where?.hazards ? { hazards: new Set(where.hazards) } : {}),
  };
}

/** The part of a document that decides which filters it passes; `severity` and `hazard` stand in documents of some kinds. */
export type Reach = Pick<PublicDocument, 'kind' | 'mode' | 'communes'> & {
  readonly incident?: { readonly id: string } | null;
};

/** An entry of the journal, as far as filters go. The database keeps the fields of `Reach` in `before`. */
export type MatchedEntry = Pick<Entry<PublicDocument>, 'document' | 'before'>;

/**
 * How a change stands to a filter; undefined where its document matches neither before nor after it, so that nobody with
 * that filter is told (D-11).
 */
export function filterMatch(match: ChangeMatch, { document, before }: MatchedEntry): FilterMatch | undefined {
  if (match.publications && !match.publications.has(document.id)) return undefined;
  const matched = before !== null && matchesChange(match, before as Reach);
  if (matchesChange(match, document)) return matched ? 'STAYED' : 'ENTERED';
  return matched ? 'LEFT' : undefined;
}

/** A change, and how it stands to the filter of those who are told of it. */
export interface MatchedChange {
  entry: Entry<PublicDocument>;
  match: FilterMatch;
  /** Whether their apps sound. */
  ring: boolean;
}

/** A change as those get it who have this filter; undefined where they get nothing of it. */
export function matchedChange(filter: ChangeMatch, entry: Entry<PublicDocument>): MatchedChange | undefined {
  const match = filterMatch(filter, entry);
  return match && { entry, match, ring: ringsFor(filter, match, entry) };
}

/**
 * Whether an app sounds for a change: for what is new to its filter; for what is graver, or wider where the app looks; never for
 * what only reaches further elsewhere, and never for what leaves its filter.
 */
function ringsFor({ communes }: ChangeMatch, match: FilterMatch, { ring, onlyWider, document, before }: MatchedRing) {
  if (match !== 'STAYED') return match === 'ENTERED';
  if (!ring || !onlyWider || !communes) return ring;
  const known = new Set(before?.communes);
  return document.communes.some((code) => communes.has(code) && !known.has(code));
}

type MatchedRing = MatchedEntry & Pick<Entry, 'ring' | 'onlyWider'>;

/** Whether a filter lets a document pass. */
export const matchesChange = (match: ChangeMatch, document: Reach): boolean =>
  match.modes.has(document.mode) &&
  match.kinds.has(document.kind) &&
  isGraveEnough(match, document) &&
  (!match.incidents || match.incidents.has(document.incident?.id ?? '')) &&
  (!match.hazards || match.hazards.has(hazardOf(document) ?? '')) &&
  (!match.communes || document.communes.some((code) => match.communes?.has(code)));

/** Whether a document warns of a danger that is grave enough for a filter, or of none. */
export function isGraveEnough({ least }: ChangeMatch, document: Reach): boolean {
  const danger = kindOf(document.kind).danger(document as Brief);
  return !danger || gravity(danger.severity) >= least;
}

/** The same text for filters that match the same changes. */
export const changeMatchKey = ({
  modes,
  kinds,
  communes,
  publications,
  incidents,
  hazards,
  least,
}: ChangeMatch): string =>
  [[...modes].sort(), [...kinds].sort(), ...[communes, publications, incidents, hazards].map(sorted), least].join('|');

const sorted = (names: ReadonlySet<string> | undefined): string => (names ? [...names].sort().join() : '*');
