import type { Brief } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import {
  COLOURS,
  gravity,
  type Mode,
  type PublicationKind,
  type PublicState,
  SEVERITIES,
  type Severity,
  VIGILANCE,
  type VigilanceColour,
} from '../../publications/vocabulary.ts';
import type { Card } from '../board.ts';
import { matchesWords } from './words.rules.ts';

/** A filter as the board reads it: every list is a set, every place the communes that it touches, moments are milliseconds. */
export interface BoardFilter {
  kinds?: ReadonlySet<PublicationKind>;
  communes?: ReadonlySet<string>;
  states: ReadonlySet<PublicState>;
  modes: ReadonlySet<Mode>;
  activeAt?: number;
  /** The latest journal entry of the thread was made after it. */
  updatedAfter?: number;
  /** Threads. */
  publications?: ReadonlySet<string>;
  incidents?: ReadonlySet<string>;
  search?: readonly string[];
  /** The severities that pass (`severityAtLeast` and `vigilanceAtLeast` together); what warns of no danger passes. */
  severities?: ReadonlySet<Severity>;
  hazards?: ReadonlySet<string>;
  categories?: ReadonlySet<string>;
}

/** Equal for filters that let the same pass. */
export const filterKey = (filter: BoardFilter): string =>
  JSON.stringify(filter, (_name, value) => (value instanceof Set ? [...value] : value));

export const LIVE_STATES: ReadonlySet<PublicState> = new Set(['UPCOMING', 'IN_FORCE']);
export const ACTUAL_ONLY: ReadonlySet<Mode> = new Set(['ACTUAL']);

/** Whether a card passes a filter, its state being known. */
export function passes(filter: BoardFilter, card: Card, state: PublicState): boolean {
  const { brief } = card;
  return (
    filter.states.has(state) &&
    filter.modes.has(brief.mode) &&
    (!filter.kinds || filter.kinds.has(brief.kind)) &&
    !filter.communes?.isDisjointFrom(card.communes) &&
    (!filter.publications || filter.publications.has(card.id)) &&
    (!filter.incidents || filter.incidents.has(brief.incident?.id ?? '')) &&
    (!filter.hazards || filter.hazards.has(hazardOf(brief) ?? '')) &&
    activeAt(filter, card) &&
    (filter.updatedAfter === undefined || card.entry.atMs > filter.updatedAfter) &&
    dangerPasses(filter, brief) &&
    (!filter.search || matchesWords(card.document, filter.search))
  );
}

const activeAt = ({ activeAt: at }: BoardFilter, card: Card): boolean =>
  at === undefined || (card.starts <= at && at < card.ends);

function dangerPasses(filter: BoardFilter, brief: Brief): boolean {
  if (!filter.severities && !filter.categories) return true;
  const danger = kindOf(brief.kind).danger(brief);
  // What warns of no danger has no severity, and passes as it does for those who follow changes.
  if (!danger) return !filter.categories;
  return (
    (!filter.severities || filter.severities.has(danger.severity)) &&
    (!filter.categories || danger.categories.some((category) => filter.categories?.has(category)))
  );
}

/** The hazard that a document is about; undefined for kinds that name none. */
export const hazardOf = (document: object): string | undefined =>
  'hazard' in document && typeof document.hazard === 'string' ? document.hazard : undefined;

/** The severities at or above a severity and a colour of vigilance; undefined where neither is asked for. */
export function severitiesFrom(
  severity: Severity | null | undefined,
  colour: VigilanceColour | null | undefined,
): ReadonlySet<Severity> | undefined {
  if (!severity && !colour) return undefined;
  return new Set(
    SEVERITIES.filter(
      (one) =>
        (!severity || gravity(one) >= gravity(severity)) &&
        (!colour || COLOURS.indexOf(VIGILANCE[one]) >= COLOURS.indexOf(colour)),
    ),
  );
}

/** Gravest first, then newest, then by id, so that the order is total. */
export const byGravity = (a: Card, b: Card): number => b.gravity - a.gravity || byNewest(a, b);

/** Newest revision first, then by id. */
export const byNewest = (a: Card, b: Card): number => b.revised - a.revised || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
