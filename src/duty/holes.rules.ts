import type { IncidentLevel } from '../editorial/incidents/incident.rules.ts';
import type { DutyFunction, ShiftTimes } from './duty.rules.ts';

export const HOLE_REASONS = ['NOBODY', 'TOO_LONG'] as const;
export type HoleReason = (typeof HOLE_REASONS)[number];

/** A shift, as far as holes follow from it. */
export interface Covering extends ShiftTimes {
  /** Null on the standing roster. */
  incident: string | null;
  dutyFunction: DutyFunction;
  account: string;
}

/** Something that the roster lacks between two moments. */
export interface Hole {
  reason: HoleReason;
  incident: string | null;
  dutyFunction: DutyFunction;
  /** The person who is on for too long; null where nobody is. */
  account: string | null;
  from: Date;
  to: Date;
}

const HOUR = 3600_000;
/** Holes are told so long before they are there. */
export const TOLD_AHEAD = 24 * HOUR;
const LONGEST_IN_A_ROW = 12 * HOUR;

/** The functions that somebody must have, whatever happens. */
const STANDING: readonly DutyFunction[] = ['VALIDATOR', 'DUTY_OFFICER'];
/** The functions that somebody must have for an incident; the standing roster counts for it. */
const NEEDED: Readonly<Record<IncidentLevel, readonly DutyFunction[]>> = {
  STANDBY: [],
  REINFORCED: ['VALIDATOR', 'CHECKER'],
  PARTIAL: ['LEAD', 'LOG_KEEPER', 'VALIDATOR', 'CHECKER'],
  FULL: ['LEAD', 'LOG_KEEPER', 'VALIDATOR', 'CHECKER'],
};

/** An incident that is open, and its level. */
export interface Staffed {
  id: string;
  level: IncidentLevel;
}

/**
 * Where the roster has nobody for a function, and where somebody is on for more than 12 hours in a row for incidents (the
 * standing roster is standby, at home): in the next 24 hours, and never in the past. Hours are real ones: a night in which
 * the clocks go back has one more. `shifts` are those of open incidents and of the standing roster, a day back.
 */
export function rosterHoles(shifts: readonly Covering[], incidents: readonly Staffed[], now: Date): Hole[] {
  const until = new Date(now.getTime() + TOLD_AHEAD);
  const needs = [
    ...STANDING.map((one) => ({ incident: null, dutyFunction: one })),
    ...incidents.flatMap(({ id, level }) => NEEDED[level].map((one) => ({ incident: id, dutyFunction: one }))),
  ];
  const empty = needs.flatMap((need) =>
    gaps(
      shifts.filter((shift) => covers(shift, need)).map((shift) => ({ from: shift.startsAt, to: endOf(shift, until) })),
      now,
      until,
    ).map((gap): Hole => ({ reason: 'NOBODY', ...need, account: null, ...gap })),
  );
  return [...empty, ...longRuns(shifts, now, until)].sort((a, b) => a.from.getTime() - b.from.getTime());
}

const covers = (shift: Covering, need: { incident: string | null; dutyFunction: DutyFunction }): boolean =>
  shift.dutyFunction === need.dutyFunction && (shift.incident === null || shift.incident === need.incident);

/** When a shift ends: a person who has handed over is on at least until `least` while the other one has not taken over. */
function endOf({ endsAt, endedAt, handedTo }: Covering, least: Date): Date {
  if (endedAt) return endedAt;
  return handedTo && endsAt < least ? least : endsAt;
}

interface Span {
  from: Date;
  to: Date;
}

/** The parts between two moments that no span covers. */
function gaps(spans: readonly Span[], from: Date, to: Date): Span[] {
  const found: Span[] = [];
  let covered = from;
  for (const span of inOrder(spans).filter((one) => one.from < to)) {
    if (span.from > covered) found.push({ from: covered, to: span.from });
    if (span.to > covered) covered = span.to;
    if (covered >= to) return found;
  }
  return covered < to ? [...found, { from: covered, to }] : found;
}

const inOrder = <T extends Span>(spans: readonly T[]): T[] =>
  [...spans].sort((a, b) => a.from.getTime() - b.from.getTime());

type Run = Span & Pick<Covering, 'incident' | 'dutyFunction' | 'account'>;

function longRuns(shifts: readonly Covering[], now: Date, until: Date): Hole[] {
  const held = shifts.filter(({ incident }) => incident !== null);
  const people = Map.groupBy(held, ({ account }) => account);
  return [...people.values()].flatMap((own) =>
    runsOf(own.map((shift) => ({ ...shift, from: shift.startsAt, to: endOf(shift, now) }))).flatMap((run): Hole[] => {
      const tired = new Date(run.from.getTime() + LONGEST_IN_A_ROW);
      const from = tired < now ? now : tired;
      if (run.to <= from || from >= until) return [];
      const { incident, dutyFunction: last, account } = run;
      return [{ reason: 'TOO_LONG', incident, dutyFunction: last, account, from, to: run.to }];
    }),
  );
}

/** The shifts of one person, those that follow each other without a break as one, under the function of the last. */
function runsOf(own: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const shift of inOrder(own)) {
    const last = runs.at(-1);
    if (!last || shift.from > last.to) runs.push(shift);
    else if (shift.to > last.to) runs.splice(-1, 1, { ...shift, from: last.from });
  }
  return runs;
}
