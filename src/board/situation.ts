import { invalidInput } from '../errors.ts';
import type { AdviceDocument } from '../publications/advice/advice.content.ts';
import type { AlertDocument } from '../publications/alert/alert.content.ts';
import type { ClosureDocument } from '../publications/closure/closure.content.ts';
import type { CorrectionDocument } from '../publications/correction/correction.content.ts';
import type { PublicDocument } from '../publications/document.ts';
import type { EventDocument } from '../publications/event/event.content.ts';
import type { Commune } from '../territory/territory.ts';
import type { Card } from './board.ts';
import { ACTUAL_ONLY, byGravity, byNewest, LIVE_STATES, passes } from './filter/filter.rules.ts';
import { asOf, isStale, type PublicReads } from './public-reads.ts';

/** What is public about one place now: everything in force or to come that touches its commune. */
export interface Situation {
  commune: Commune | null;
  alerts: AlertDocument[];
  closures: ClosureDocument[];
  events: EventDocument[];
  corrections: CorrectionDocument[];
  advice: AdviceDocument[];
  asOf: string;
  stale: boolean;
}

export interface Place {
  commune?: string | null;
  point?: { lon: number; lat: number } | null;
}

/** The commune of a place, or undefined for a point outside the Département. INVALID_INPUT for an unknown code. */
export function communeOf({ territory }: PublicReads, place: Place): Commune | undefined {
  const { commune, point } = place;
  if ((commune ? 1 : 0) + (point ? 1 : 0) !== 1)
    throw invalidInput([{ path: 'place', message: 'must hold exactly one of commune and point' }]);
  if (point) {
    if (Math.abs(point.lon) > 180 || Math.abs(point.lat) > 90)
      throw invalidInput([{ path: 'place.point', message: 'must hold a longitude and a latitude in degrees' }]);
    return territory.communeAt(point);
  }
  const found = territory.byCode(commune ?? '');
  if (!found)
    throw invalidInput([
      { path: 'place.commune', message: `${commune} is not the INSEE code of a commune of the Essonne` },
    ]);
  return found;
}

const live = { states: LIVE_STATES, modes: ACTUAL_ONLY };

/** The situation of a commune, or of nowhere (a point outside: every list is empty). */
export function situationOf(reads: PublicReads, commune: Commune | undefined): Situation {
  const cards = (commune ? reads.board.ofCommune(commune.code) : []).filter((card) =>
    passes(live, card, reads.board.state(card.document)),
  );
  return {
    commune: commune ?? null,
    alerts: pick(cards, 'ALERT', byGravity),
    closures: pick(cards, 'CLOSURE', bySoonest),
    events: pick(cards, 'EVENT', bySoonest),
    corrections: pick(everywhere(reads, cards, commune), 'CORRECTION', byNewest),
    advice: adviceFor(reads, cards, commune),
    asOf: asOf(reads),
    stale: isStale(reads),
  };
}

/** The cards of a commune with those that have no area, and so hold everywhere. */
function everywhere({ board }: PublicReads, cards: readonly Card[], commune: Commune | undefined): Card[] {
  if (!commune) return [];
  return [...cards, ...board.placeless().filter((card) => passes(live, card, board.state(card.document)))];
}

/** What its alerts show, then what was written for the place, then what is true everywhere of the same hazards. */
function adviceFor(reads: PublicReads, cards: readonly Card[], commune: Commune | undefined): AdviceDocument[] {
  const alerts = pick([...cards], 'ALERT', byGravity);
  const hazards = new Set(alerts.map(({ hazard }) => hazard));
  const local = pick([...cards], 'ADVICE', byNewest);
  const general = pick(everywhere(reads, [], commune), 'ADVICE', byNewest).filter(({ hazard }) => hazards.has(hazard));
  const pinned = alerts.flatMap(({ advice }) => advice);
  const byId = new Map([...pinned, ...local, ...general].toReversed().map((advice) => [advice.id, advice]));
  return [...byId.values()].toReversed();
}

const bySoonest = (a: Card, b: Card): number => a.starts - b.starts || byNewest(a, b);

const pick = <K extends PublicDocument['kind']>(cards: Card[], kind: K, order: (a: Card, b: Card) => number) =>
  cards
    .filter(({ document }) => document.kind === kind)
    .sort(order)
    .map(({ document }) => document as Extract<PublicDocument, { kind: K }>);
