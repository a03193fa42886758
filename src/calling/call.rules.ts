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

export const CALL_REASONS = [
  'REVIEW',
  'SIGNATURE',
  'COSIGN',
  'ESCALATED',
  'FLASH',
  'ENDS_SOON',
  'DECISION_UNCONFIRMED',
  'INSTITUTIONS_UNREAD',
  'SITREP_DUE',
  'SOURCE_FAULT',
  'ROSTER_HOLE',
  'HUB_FAULT',
  'RULE_UNMEETABLE',
  'TEST',
] as const;
export type CallReason = (typeof CALL_REASONS)[number];

/** The ways by which a person is rung. */
export const CONTACT_WAYS = ['DESK', 'EMAIL', 'SMS', 'VOICE'] as const;
export type ContactWay = (typeof CONTACT_WAYS)[number];

export const STEP_OUTCOMES = ['WAITING', 'ACCEPTED', 'FAILED', 'STOPPED', 'ANSWERED'] as const;
export type StepOutcome = (typeof STEP_OUTCOMES)[number];

const MINUTE = 60_000;
/** How long nobody is rung once somebody has taken a call. */
export const TAKEN_MS = 15 * MINUTE;
/** How long after everybody was rung all of them are rung again, unless the reason says otherwise. */
const MINUTES_AGAIN = 30;
/** How long before the end of an alert people are called about what follows (I-16). */
export const SOON_MS = 30 * MINUTE;
/** How long a watched feed may fail before people are called. */
export const FAULT_MS = 30 * MINUTE;
/** How long nobody is called again to what lasts, once somebody has taken the call to it. */
export const NOTED_MS = 12 * 60 * MINUTE;
/** How long ended calls are kept. */
export const KEPT_DAYS = 90;

/** The people who are called for a reason, and how long each of them has. */
interface CallRule {
  /** The function on duty that is rung first, one person after the other; then those who lead the cell. Null for none. */
  dutyFunction: DutyFunction | null;
  /** The role that is rung as a whole where nobody is on duty; null for none. */
  role: Role | null;
  /**
   * Whether those are rung too who may give a signature that is missing (I-45): while on duty in whatever function, before the others
   * of the roster; all of them together with the role.
   */
  signers?: boolean;
  minutes: number;
  /** The same where the severity is MINOR. */
  minutesIfMinor: number;
  /** The same where it is EXTREME, and more urgent than the others. */
  minutesIfExtreme?: number;
  /** How long after everybody was rung all of them are rung again, where that is not after half an hour. */
  minutesAgain?: number;
  /** Whether the whole role is rung at last, although somebody is on duty. */
  endsWithAll: boolean;
  /** Which people are rung, in that order, where it is not that of `ROSTER_FIRST`. */
  tiers?: readonly Tier[];
}

/** People on duty in the function, those who lead the cell, and everybody with the role. */
type Tier = 'FUNCTION' | 'LEAD' | 'ROLE';
const ROSTER_FIRST: readonly Tier[] = ['FUNCTION', 'LEAD', 'ROLE'];

/** So many minutes, whatever the severity. */
const each = (minutes: number) => ({ minutes, minutesIfMinor: minutes });
const BY_VALIDATORS = { dutyFunction: 'VALIDATOR', role: 'VALIDATOR', endsWithAll: false } as const;
const BY_OFFICERS = { dutyFunction: 'DUTY_OFFICER', role: 'DUTY_OFFICER', endsWithAll: false } as const;
const BY_ADMINS = { dutyFunction: null, role: 'ADMIN', endsWithAll: true } as const;
const BY_SIGNERS = { dutyFunction: null, role: null, signers: true, endsWithAll: true } as const;

const RULES: Readonly<Record<CallReason, CallRule>> = {
  REVIEW: { ...BY_VALIDATORS, ...each(10), minutesIfMinor: 30 },
  SIGNATURE: { ...BY_SIGNERS, ...each(10), minutesIfMinor: 30, minutesIfExtreme: 5 },
  COSIGN: { ...BY_VALIDATORS, signers: true, ...each(5), endsWithAll: true },
  ESCALATED: { ...BY_OFFICERS, ...each(10) },
  // By the clock rather than by this ladder: `flash-turn.rules.ts`.
  FLASH: { ...BY_OFFICERS, dutyFunction: 'SDIS_CONTACT', ...each(2), endsWithAll: true },
  ENDS_SOON: { ...BY_VALIDATORS, ...each(10) },
  DECISION_UNCONFIRMED: { ...BY_VALIDATORS, ...each(10) },
  INSTITUTIONS_UNREAD: { ...BY_VALIDATORS, ...each(10) },
  SITREP_DUE: { ...BY_OFFICERS, dutyFunction: null, ...each(60) },
  SOURCE_FAULT: { ...BY_OFFICERS, dutyFunction: 'WATCHER', ...each(60) },
  // There are hours left for these.
  ROSTER_HOLE: { ...BY_ADMINS, ...each(60), minutesAgain: 12 * 60 },
  HUB_FAULT: { ...BY_ADMINS, ...each(60), minutesAgain: 60, tiers: ['ROLE', 'LEAD'] },
  RULE_UNMEETABLE: { ...BY_ADMINS, ...each(60), minutesAgain: 12 * 60, tiers: ['ROLE'] },
  // It is for one person, whatever the roster says.
  TEST: { ...BY_VALIDATORS, ...each(10) },
};

export const ruleOf = (reason: CallReason): CallRule => RULES[reason];

/** The reasons for which a role as a whole is rung. */
export const reasonsOf = (role: Role): CallReason[] => CALL_REASONS.filter((reason) => RULES[reason].role === role);

/** How long the people of one rung have, in milliseconds. */
export function patienceOf(reason: CallReason, severity: string | null): number {
  const { minutes, minutesIfMinor, minutesIfExtreme = minutes } = RULES[reason];
  const ifGraver = severity === 'EXTREME' ? minutesIfExtreme : minutes;
  return (severity === 'MINOR' ? minutesIfMinor : ifGraver) * MINUTE;
}

/** A person who may be called, and why: of several lines about one person the first one counts. */
export interface Callable {
  account: string;
  tier: Tier;
}

/**
 * The rungs of a ladder, in the order in which they are rung: each person on duty in the function by itself, by rank; those who
 * lead the cell; everybody with the role, where the reason asks for it or nobody is on duty.
 */
export function rungsOf(reason: CallReason, people: readonly Callable[]): string[][] {
  const { tiers = ROSTER_FIRST, endsWithAll } = RULES[reason];
  const seen = new Set<string>();
  const rungs: string[][] = [];
  for (const tier of tiers) {
    if (tier === 'ROLE' && rungs.length > 0 && !endsWithAll) break;
    const found = people.filter((one) => one.tier === tier && !seen.has(one.account)).map(({ account }) => account);
    const accounts = [...new Set(found)];
    for (const account of accounts) seen.add(account);
    rungs.push(...(tier === 'FUNCTION' ? accounts.map((account) => [account]) : [accounts]).filter(isSomebody));
  }
  return rungs;
}

const isSomebody = (rung: readonly string[]): boolean => rung.length > 0;

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
  /** Whether it waits for nothing any more: it was opened at the moment of the deed that it would have waited for. */
  isOver?: boolean;
}

/** The turn of a call that is due: the people who are rung now, and how it stands then. */
export interface CallTurn {
  ring: string[];
  state: CallState;
  /** After how many milliseconds it is due again; null for never. */
  dueInMs: number | null;
}

/**
 * The next turn of a call that is due. One that waits for nothing is done, as is one that somebody took and that waits for no
 * more than a look.
 */
export function turnOf(call: DueCall, rungs: readonly (readonly string[])[]): CallTurn {
  const { reason, state, severity, asked, isNoted, isOver = false } = call;
  if (isOver || (state === 'TAKEN' && isNoted)) return { ring: [], state: 'DONE', dueInMs: null };
  const again = (RULES[reason].minutesAgain ?? MINUTES_AGAIN) * MINUTE;
  if (state === 'EXHAUSTED') return { ring: [...new Set(rungs.flat())], state: 'EXHAUSTED', dueInMs: again };
  const ring = nextRung(rungs, new Set(asked));
  if (ring.length > 0) return { ring, state: 'RINGING', dueInMs: patienceOf(reason, severity) };
  return { ring, state: 'EXHAUSTED', dueInMs: reason === 'TEST' ? null : again };
}
