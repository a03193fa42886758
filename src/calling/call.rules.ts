import type { Role } from '../access/actor.ts';
import type { DutyFunction } from '../duty/duty.rules.ts';

/**
 * A call brings somebody to what waits for a decision. Its states, and what leads from one to the next:
 *
 *   – ─deed, or the clock→ RINGING ─takeCall→ TAKEN ─15 minutes without the deed→ RINGING, with the next rung
 *                            │  ▲                │
 *                            │  └────passCall────┘
 *                            └─everybody was rung→ EXHAUSTED, which rings everybody again each 30 minutes
 *
 *   every open state ─the deed that it waited for→ DONE
 *   every open state ─what it was about is gone→ LAPSED
 *
 * PostgreSQL ends a call in the transaction of that deed (I-51), so that nobody is rung for what is decided.
 */
export const CALL_STATES = ['RINGING', 'TAKEN', 'DONE', 'LAPSED', 'EXHAUSTED'] as const;
export type CallState = (typeof CALL_STATES)[number];

export const CALL_REASONS = ['REVIEW', 'COSIGN', 'ESCALATED', 'ENDS_SOON', 'SOURCE_FAULT', 'TEST'] as const;
export type CallReason = (typeof CALL_REASONS)[number];

/** The ways by which a person is rung. */
export const CONTACT_WAYS = ['DESK'] as const;
export type ContactWay = (typeof CONTACT_WAYS)[number];

export const STEP_OUTCOMES = ['ACCEPTED', 'ANSWERED'] as const;
export type StepOutcome = (typeof STEP_OUTCOMES)[number];

const MINUTE = 60_000;
/** How long nobody is rung once somebody has taken a call. */
export const TAKEN_MS = 15 * MINUTE;
/** How long after everybody was rung all of them are rung again. */
export const AGAIN_MS = 30 * MINUTE;
/** How long before the end of an alert people are called about what follows (I-16). */
export const SOON_MS = 30 * MINUTE;
/** How long a watched feed may fail before people are called. */
export const FAULT_MS = 30 * MINUTE;
/** How long ended calls are kept. */
export const KEPT_DAYS = 90;

/** The people who are called for a reason, and how long each of them has. */
interface CallRule {
  /** The function on duty that is rung first, one person after the other; then those who lead the cell. */
  dutyFunction: DutyFunction;
  /** The role that is rung as a whole where nobody is on duty. */
  role: Role;
  minutes: number;
  /** The same where the severity is MINOR. */
  minutesIfMinor: number;
  /** Whether the whole role is rung at last, although somebody is on duty. */
  endsWithAll: boolean;
}

const BY_VALIDATORS = { dutyFunction: 'VALIDATOR', role: 'VALIDATOR', minutes: 10, endsWithAll: false } as const;

const RULES: Readonly<Record<CallReason, CallRule>> = {
  REVIEW: { ...BY_VALIDATORS, minutesIfMinor: 30 },
  COSIGN: { ...BY_VALIDATORS, minutes: 5, minutesIfMinor: 5, endsWithAll: true },
  ESCALATED: {
    dutyFunction: 'DUTY_OFFICER',
    role: 'DUTY_OFFICER',
    minutes: 10,
    minutesIfMinor: 10,
    endsWithAll: false,
  },
  ENDS_SOON: { ...BY_VALIDATORS, minutesIfMinor: 10 },
  SOURCE_FAULT: {
    dutyFunction: 'WATCHER',
    role: 'DUTY_OFFICER',
    minutes: 60,
    minutesIfMinor: 60,
    endsWithAll: false,
  },
  // It is for one person, whatever the roster says.
  TEST: { ...BY_VALIDATORS, minutesIfMinor: 10 },
};

export const ruleOf = (reason: CallReason): CallRule => RULES[reason];

/** How long the people of one rung have, in milliseconds. */
export function patienceOf(reason: CallReason, severity: string | null): number {
  const { minutes, minutesIfMinor } = RULES[reason];
  return (severity === 'MINOR' ? minutesIfMinor : minutes) * MINUTE;
}

/** A person who may be called, and why: of several lines about one person the first one counts. */
export interface Callable {
  account: string;
  tier: 'FUNCTION' | 'LEAD' | 'ROLE';
}

/**
 * The rungs of a ladder, in the order in which they are rung: each person on duty in the function by itself, by rank; those who
 * lead the cell; everybody with the role, where the reason asks for it or nobody is on duty.
 */
export function rungsOf(reason: CallReason, people: readonly Callable[]): string[][] {
  const seen = new Set<string>();
  const of = (tier: Callable['tier']): string[] =>
    people.flatMap((one) => {
      if (one.tier !== tier || seen.has(one.account)) return [];
      seen.add(one.account);
      return [one.account];
    });
  const rungs = [...of('FUNCTION').map((account) => [account]), of('LEAD')].filter((rung) => rung.length > 0);
  if (rungs.length > 0 && !RULES[reason].endsWithAll) return rungs;
  return [...rungs, of('ROLE')].filter((rung) => rung.length > 0);
}

/** The people of the next rung: the first one that has somebody who was not asked yet. Nobody where all were. */
export function nextRung(rungs: readonly (readonly string[])[], asked: ReadonlySet<string>): string[] {
  const left = rungs.map((rung) => rung.filter((account) => !asked.has(account)));
  return left.find((rung) => rung.length > 0) ?? [];
}

/** A call as far as its next turn follows from it. */
export interface DueCall {
  reason: CallReason;
  state: CallState;
  severity: string | null;
  /** The accounts that were rung, or answered. */
  asked: readonly string[];
  /** Whether what it was about needs no more than that somebody looked. */
  isNoted: boolean;
}

/** The turn of a call that is due: the people who are rung now, and how it stands then. */
export interface CallTurn {
  ring: string[];
  state: CallState;
  /** After how many milliseconds it is due again; null for never. */
  dueInMs: number | null;
}

/** The next turn of a call that is due. A call that somebody took, and that waits for no more than a look, is done. */
export function turnOf(call: DueCall, rungs: readonly (readonly string[])[]): CallTurn {
  const { reason, state, severity, asked, isNoted } = call;
  if (state === 'TAKEN' && isNoted) return { ring: [], state: 'DONE', dueInMs: null };
  if (state === 'EXHAUSTED') return { ring: [...new Set(rungs.flat())], state: 'EXHAUSTED', dueInMs: AGAIN_MS };
  const ring = nextRung(rungs, new Set(asked));
  if (ring.length > 0) return { ring, state: 'RINGING', dueInMs: patienceOf(reason, severity) };
  return { ring, state: 'EXHAUSTED', dueInMs: reason === 'TEST' ? null : AGAIN_MS };
}
