import { type FieldFault, invalidInput } from '../../errors.ts';
import type { Entry } from '../../journal/entry.ts';
import type { Brief, PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import { type FilterMatch, gravity, KINDS, type Mode, type PublicationKind } from '../../publications/vocabulary.ts';
import type { Territory } from '../../territory/territory.ts';
import type { ChangeFilter } from './change-filter.types.ts';
import { codesOf, threadsOf } from './filter.read.ts';

/** Which changes, as it is matched: sets whose order says nothing, so that equal filters are equal as text. */
export interface ChangeMatch {
  readonly modes: ReadonlySet<Mode>;
  readonly kinds: ReadonlySet<PublicationKind>;
  /** Threads; undefined: every one. */
  readonly publications?: ReadonlySet<string>;
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
  if (faults.length > 0) throw invalidInput(faults);
  return {
    modes: new Set(where?.modes ?? ['ACTUAL']),
    kinds: new Set(where?.kinds ?? KINDS),
    least: where?.severityAtLeast ? gravity(where.severityAtLeast) : 0,
    ...(communes ? { communes } : {}),
    ...(publications ? { publications } : {}),
  };
}

/** What of a document decides which filters it passes. `severity` stands in documents that warn of a danger. */
export type Reach = Pick<PublicDocument, 'kind' | 'mode' | 'communes'>;

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
}

/** Whether an app sounds for a change: never for one that takes a publication away from it. */
export const ringsFor = ({ entry, match }: MatchedChange): boolean => entry.ring && match !== 'LEFT';

/** Whether a filter lets a document pass. */
export const matchesChange = (match: ChangeMatch, document: Reach): boolean =>
  match.modes.has(document.mode) &&
  match.kinds.has(document.kind) &&
  isGraveEnough(match, document) &&
  (!match.communes || document.communes.some((code) => match.communes?.has(code)));

function isGraveEnough({ least }: ChangeMatch, document: Reach): boolean {
  const danger = kindOf(document.kind).danger(document as Brief);
  return !danger || gravity(danger.severity) >= least;
}

/** The same text for filters that match the same changes. */
export const changeMatchKey = ({ modes, kinds, communes, publications, least }: ChangeMatch): string =>
  [[...modes].sort(), [...kinds].sort(), sorted(communes), sorted(publications), least].join('|');

const sorted = (names: ReadonlySet<string> | undefined): string => (names ? [...names].sort().join() : '*');
