import type { CallTurn } from './call.rules.ts';

/**
 * The call about a flash goes by the clock, for a life is at stake (`flashes/`):
 *
 *   at once     the first contact of the Sdis on duty; without one, the duty officers
 *   2 minutes   the other contacts, or the only one again
 *   4 minutes   the person who sent it, and the duty officers: somebody has to telephone
 *   6 minutes   all of them, and those who lead: nobody has answered. All of them again each 2 minutes, after half an hour each 10
 *
 * Nothing stops it but the answer, or that the flash is withdrawn (I-64); a person who passes it on has the next ones rung at once.
 */
export const RUNG_MS = 2 * 60_000;
/** From then on somebody has to telephone. */
export const ESCALATED_MS = 2 * RUNG_MS;
/** From then on nobody has answered. */
export const UNANSWERED_MS = 3 * RUNG_MS;

const OFTEN_MS = 30 * 60_000;
const SELDOM_MS = 10 * 60_000;
const LAST_STEP = UNANSWERED_MS / RUNG_MS;

/** The people who may be rung for a flash, each list in the order in which it is rung. */
export interface FlashPeople {
  contacts: readonly string[];
  /** Duty officers on duty; without any, everybody with the role. */
  officers: readonly string[];
  leads: readonly string[];
  sender: readonly string[];
}

/** The call about a flash as far as its next turn follows from it. */
export interface DueFlash {
  startedAt: Date;
  /** How many turns it had. */
  rung: number;
  asked: readonly string[];
}

/** The turn of a flash that is due. A turn that comes late, after hubs were down, rings all whose time has come. */
export function flashTurn({ startedAt, rung, asked }: DueFlash, people: FlashPeople, now: Date): CallTurn {
  const elapsed = now.getTime() - startedAt.getTime();
  const step = Math.min(LAST_STEP, Math.max(rung, Math.floor(elapsed / RUNG_MS)));
  return {
    ring: [...new Set(rungAt(step, people, new Set(asked)))],
    state: step === LAST_STEP ? 'EXHAUSTED' : 'RINGING',
    dueInMs: elapsed < OFTEN_MS ? RUNG_MS : SELDOM_MS,
  };
}

function rungAt(step: number, people: FlashPeople, asked: ReadonlySet<string>): readonly string[] {
  const { contacts, officers, leads, sender } = people;
  const inCharge = officers.length > 0 ? officers : leads;
  if (step === LAST_STEP) return [...contacts, ...sender, ...officers, ...leads];
  const others = contacts.filter((account) => !asked.has(account));
  if (step === LAST_STEP - 1) return [...others, ...sender, ...inCharge];
  if (contacts.length === 0) return step === 0 ? inCharge : [...officers, ...leads];
  if (step === 0) return contacts.slice(0, 1);
  return others.length > 0 ? others : contacts;
}
