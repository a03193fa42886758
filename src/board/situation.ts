import { invalidInput } from '../errors.ts';
import type { ViewOfKind } from '../publications/document.ts';
import type { LivePlace } from '../publications/kind/situation.ts';
import { kindOf } from '../publications/kinds.ts';
import { KINDS, type PublicationKind } from '../publications/vocabulary.ts';
import type { Commune } from '../territory/territory.ts';
import type { Card } from './board.ts';
import { ACTUAL_ONLY, byGravity, byNewest, LIVE_STATES, passes } from './filter/filter.rules.ts';
import { type PublicReads, type Shown, shown } from './public-reads.ts';

/** What is public about one place now: everything in force or to come that touches its commune, a list for each kind. */
export interface Situation extends Shown {
  commune: Commune | null;
  [list: string]: unknown;
}

/** Exactly one of the two: GraphQL sees to it. */
export interface Place {
  commune?: string | null;
  point?: { lon: number; lat: number } | null;
}

/** The commune of a place, or undefined for a point outside the Département. INVALID_INPUT for an unknown code. */
export function communeOf({ territory }: PublicReads, { commune, point }: Place, path = 'place'): Commune | undefined {
  if (point) {
    if (Math.abs(point.lon) > 180 || Math.abs(point.lat) > 90)
      throw invalidInput([{ path: `${path}.point`, message: 'must hold a longitude and a latitude in degrees' }]);
    return territory.communeAt(point);
  }
  const found = territory.byCode(commune ?? '');
  if (!found)
    throw invalidInput([
      { path: `${path}.commune`, message: `${commune} is not the INSEE code of a commune of the Essonne` },
    ]);
  return found;
}

const live = { states: LIVE_STATES, modes: ACTUAL_ONLY };

/** The situation of a commune, or of nowhere (a point outside: every list is empty). */
export function situationOf(reads: PublicReads, commune: Commune | undefined): Situation {
  const place = commune ? livePlace(reads, commune) : NOWHERE;
  const lists = KINDS.map((kind) => {
    const { field, select } = kindOf(kind).situation;
    return [field, select(place).map((view) => reads.board.current(view))];
  });
  return { ...Object.fromEntries(lists), commune: commune ?? null, ...shown(reads) };
}

const NOWHERE: LivePlace = { list: () => [] };

function livePlace({ board }: PublicReads, { code }: Commune): LivePlace {
  const passing = (cards: Card[]) => cards.filter((card) => passes(live, card, board.state(card.brief)));
  const here = passing(board.ofCommune(code));
  const everywhere = passing(board.placeless());
  const found = { here, everywhere, 'here or everywhere': [...here, ...everywhere] };
  return {
    list: <K extends PublicationKind>(kind: K, order: keyof typeof ORDERS, which: keyof typeof found) =>
      found[which]
        .filter(({ brief }) => brief.kind === kind)
        .sort(ORDERS[order])
        .map(({ document }) => document as ViewOfKind[K]),
  };
}

const ORDERS = {
  gravest: byGravity,
  soonest: (a: Card, b: Card): number => a.starts - b.starts || byNewest(a, b),
  newest: byNewest,
};
