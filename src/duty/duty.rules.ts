/**
 * The functions of the crisis cell. A function on duty says who is called, and gives no right (I-40): rights are roles', and
 * nothing of `access/` reads the roster.
 */
export const DUTY_FUNCTIONS = [
  'LEAD',
  'LOG_KEEPER',
  'EDITOR',
  'VALIDATOR',
  'WATCHER',
  'CHECKER',
  'SDIS_CONTACT',
  'DUTY_OFFICER',
] as const;
export type DutyFunction = (typeof DUTY_FUNCTIONS)[number];

export const SHIFT_STATES = ['PLANNED', 'ON_DUTY', 'HANDING_OVER', 'DONE'] as const;
export type ShiftState = (typeof SHIFT_STATES)[number];

/** As much of a shift as its state follows from. */
export interface ShiftTimes {
  startsAt: Date;
  endsAt: Date;
  /** The account to which it was handed over; it may not have taken over yet. */
  handedTo: string | null;
  /** When that account took over. */
  endedAt: Date | null;
}

/**
 * The state of a shift, by the clock: planned, on, done. A person who has handed over stays on until the other one takes
 * over, however late (I-39). `onDuty` of `duty.queries.ts` says the same in SQL.
 */
export function shiftState(
  { startsAt, endsAt, handedTo, endedAt }: ShiftTimes,
  isIncidentOpen: boolean,
  now: Date,
): ShiftState {
  if (endedAt || !isIncidentOpen) return 'DONE';
  if (handedTo) return 'HANDING_OVER';
  if (now < startsAt) return 'PLANNED';
  return now < endsAt ? 'ON_DUTY' : 'DONE';
}

const HOUR = 3600_000;
/** A week of standby, with the hour that the clocks may add. */
const LONGEST = (7 * 24 + 1) * HOUR;
/** How long ago a shift may have begun that somebody writes down. */
const LATEST_NOTE = 24 * HOUR;

/** The faults in the times of a shift that somebody saves: the field, and what it must be. */
export function timeFaults(
  { startsAt, endsAt }: Pick<ShiftTimes, 'startsAt' | 'endsAt'>,
  now: Date,
  hasBegun: boolean,
): { path: 'from' | 'to'; message: string }[] {
  if (endsAt <= startsAt) return [{ path: 'to', message: 'must be later than `from`' }];
  if (endsAt.getTime() - startsAt.getTime() > LONGEST)
    return [{ path: 'to', message: 'must be at most a week after `from`' }];
  if (endsAt <= now) return [{ path: 'to', message: 'must lie in the future' }];
  if (!hasBegun && now.getTime() - startsAt.getTime() > LATEST_NOTE)
    return [{ path: 'from', message: 'must be at most a day ago' }];
  return [];
}

/** The longest that somebody takes over for where the end that was planned has passed. */
const LONGEST_RELIEF = 12 * HOUR;

/** Until when somebody is on who takes over without a shift of their own: the end that was planned, else as long again. */
export function endOfRelief({ startsAt, endsAt }: Pick<ShiftTimes, 'startsAt' | 'endsAt'>, now: Date): Date {
  if (endsAt > now) return endsAt;
  return new Date(now.getTime() + Math.min(endsAt.getTime() - startsAt.getTime(), LONGEST_RELIEF));
}
