import { instant } from '../../clock.ts';
import type { LintFinding } from '../content/lint.rules.ts';
import { movedBy } from '../content/moment.ts';
import { type Authority, decisionOf } from '../decision/decision.content.ts';
import type { Window } from '../kind/kind.ts';
import type { PublicState } from '../vocabulary.ts';
import type { ClosureContent, ClosureDocument } from './closure.content.ts';

/**
 * When a closed road was seen open again, or null. What was seen before the planned closure began says nothing of it: a road
 * that was closed, reopened and is to be closed again carries its last observation along.
 */
export function reopenedAt({ observed, plannedFrom }: ClosureDocument): string | null {
  if (observed.state !== 'REOPENED' || !observed.at) return null;
  return instant(observed.at) >= instant(plannedFrom) ? observed.at : null;
}

/** The last observation, as the API names it; null where nobody has looked yet. */
export const closureObserved = ({ observed: { state, at, note } }: Pick<ClosureDocument, 'observed'>) =>
  state === 'UNKNOWN' ? null : { state, observedAt: at, note };

/** A road by its number and its name. */
export const roadLabel = ({ name, number }: ClosureContent['roads'][number]): string =>
  number ? `${number} (${name})` : name;

/** When people ended a closure before its plan did: withdrawn, over, or seen open again; null where nobody did. */
export const endedEarlyAt = (closure: ClosureDocument): string | null => {
  const at = closure.cancelled?.at ?? closure.allClear?.at ?? reopenedAt(closure);
  return at && instant(at) < instant(closure.plannedTo) ? at : null;
};

/**
 * Whether traffic can pass at a moment: the plan, what was seen since it began, and the end put together. A restriction that
 * lets traffic by never stops it; what was seen counts until the plan begins anew, and nobody having looked counts for the plan.
 */
export function isPassable(closure: ClosureDocument, state: PublicState): boolean {
  const { observed, restriction, plannedFrom } = closure;
  if (!STOPS_TRAFFIC[restriction] || state === 'ENDED' || state === 'CANCELLED') return true;
  if (state === 'UPCOMING') return observed.state !== 'IN_PLACE';
  const isSeenSince = observed.at !== null && instant(observed.at) >= instant(plannedFrom);
  return isSeenSince && (observed.state === 'REOPENED' || observed.state === 'NOT_STARTED');
}

const STOPS_TRAFFIC: Record<ClosureContent['restriction'], boolean> = {
  CLOSED: true,
  LOCAL_ACCESS_ONLY: true,
  LANES_CLOSED: false,
  ALTERNATING: false,
  PARKING_BAN: false,
};

/** A closure after its event was moved by some minutes to another window: by its own rule, else by the same minutes. */
export function movedWithEvent(closure: ClosureContent, { startsAt, endsAt }: Window, minutes: number): ClosureContent {
  const { eventWindow, plannedFrom, plannedTo } = closure;
  if (eventWindow && startsAt && endsAt)
    return {
      ...closure,
      plannedFrom: movedBy(startsAt, -eventWindow.minutesBefore),
      plannedTo: movedBy(endsAt, eventWindow.minutesAfter),
    };
  return { ...closure, plannedFrom: movedBy(plannedFrom, minutes), plannedTo: movedBy(plannedTo, minutes) };
}

/** A closure names the authority behind it (D01); an order in words alone counts. Relayed words are their source's to answer for. */
export const undecided = (content: ClosureContent): LintFinding[] =>
  content.source.relayed || decisionOf(content)
    ? []
    : [
        {
          rule: 'D01',
          level: 'ERROR',
          path: 'decision',
          message: 'Nommez qui a décidé de fermer cette route : autorité, arrêté ou ordre, et heure.',
        },
      ];

/**
 * The authorities that seldom decide on a road of that letter (D04): the prefect does on motorways, and on national roads outside of
 * towns, where a mayor decides. A letter proves nothing, since roads that were handed over kept theirs: it is a warning.
 */
const UNLIKELY: readonly [road: RegExp, authorities: readonly Authority[]][] = [
  [/^A\s*\d/i, ['MAYOR', 'DEPARTEMENT_PRESIDENT']],
  [/^R?N\s*\d/i, ['DEPARTEMENT_PRESIDENT']],
];

export function unlikelyForRoads({ roads, decision }: ClosureContent): LintFinding[] {
  if (!decision) return [];
  const doubtful = roads
    .map(({ number }) => number ?? '')
    .filter((number) => UNLIKELY.some(([road, who]) => road.test(number) && who.includes(decision.authority)));
  if (doubtful.length === 0) return [];
  const message = `Cette autorité décide rarement sur ${[...new Set(doubtful)].join(', ')} : est-ce le préfet ?`;
  return [{ rule: 'D04', level: 'WARNING', path: 'decision.authority', message }];
}
