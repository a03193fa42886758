import type { CallReason } from '../../calling/call.rules.ts';
import { parisTime } from '../../clock.ts';
import { gravity, type Severity } from '../../publications/vocabulary.ts';

const MINUTE = 60_000;
/** A contact point gets one message in so many milliseconds … */
const APART_MS = 2 * MINUTE;
/** … and so many of them within an hour; what is held back comes together, as one. */
const [MOST_AN_HOUR, HOUR_MS] = [6, 60 * MINUTE];
/** A message that was held back is still sent for so long after it may be, though others were rung meanwhile. */
export const HELD_MS = 10 * MINUTE;

interface ReasonRule {
  /** Whether its messages are held back by those before: not where each minute counts. */
  storm: 'held' | 'passes';
  /** How grave it may be to wait for the end of quiet hours. */
  quiet: 'rings' | 'waits up to MODERATE' | 'waits';
}

const RULES: Readonly<Record<CallReason, ReasonRule>> = {
  REVIEW: { storm: 'held', quiet: 'waits up to MODERATE' },
  SIGNATURE: { storm: 'held', quiet: 'waits up to MODERATE' },
  COSIGN: { storm: 'passes', quiet: 'rings' },
  FLASH: { storm: 'passes', quiet: 'rings' },
  ESCALATED: { storm: 'held', quiet: 'waits up to MODERATE' },
  ENDS_SOON: { storm: 'held', quiet: 'waits up to MODERATE' },
  // Those who could sign the act are asleep, too.
  DECISION_UNCONFIRMED: { storm: 'held', quiet: 'waits' },
  INSTITUTIONS_UNREAD: { storm: 'held', quiet: 'waits up to MODERATE' },
  SITREP_DUE: { storm: 'held', quiet: 'waits' },
  SOURCE_FAULT: { storm: 'held', quiet: 'waits' },
  ROSTER_HOLE: { storm: 'held', quiet: 'waits' },
  HUB_FAULT: { storm: 'held', quiet: 'rings' },
  RULE_UNMEETABLE: { storm: 'held', quiet: 'waits' },
  // It is to find out whether the person is woken.
  TEST: { storm: 'held', quiet: 'rings' },
};

/** From and to as “22:00”, in Paris; over midnight where the end is the earlier one. */
export interface QuietHours {
  from: string;
  to: string;
}

export interface ToBeSent {
  reason: CallReason;
  /** Null where nobody knows how grave it is: then it rings. */
  severity: Severity | null;
  quietHours: QuietHours | null;
  /** When messages went to the same contact point within the last hour, or are about to; those that came together count as one. */
  before: readonly Date[];
}

/** When a message of a call is to be sent, and whether it is held back: then it comes with all others that are. */
export function sendingTime(message: ToBeSent, now: Date): { at: Date; held: boolean } {
  const quietUntil = waitsForQuiet(message) ? quietEnd(message.quietHours, now) : now;
  const passes = RULES[message.reason].storm === 'passes' || isGraveSignature(message);
  const at = passes ? quietUntil : roomFrom(message.before, quietUntil);
  return { at, held: at > now };
}

/** An EXTREME dossier waits for its signature alone. */
const isGraveSignature = ({ reason, severity }: ToBeSent): boolean => reason === 'SIGNATURE' && severity === 'EXTREME';

function waitsForQuiet({ reason, severity }: ToBeSent): boolean {
  const { quiet } = RULES[reason];
  if (quiet !== 'waits up to MODERATE') return quiet === 'waits';
  return severity !== null && gravity(severity) <= gravity('MODERATE');
}

/** The end of the quiet hours that a moment lies in; the moment itself outside them. To the minute, as clocks on the wall go. */
function quietEnd(hours: QuietHours | null, now: Date): Date {
  if (!hours) return now;
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  for (let at = floorMinute(now), left = 0; left <= 24 * 60; left += 1, at = new Date(at.getTime() + MINUTE)) {
    const minute = minutesOf(parisTime(at).slice(11, 16));
    const isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
    if (!isQuiet) return left === 0 ? now : at;
  }
  return now;
}

const floorMinute = (at: Date): Date => new Date(Math.floor(at.getTime() / MINUTE) * MINUTE);

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The first moment from one on at which there is room for a message among those of before. */
function roomFrom(before: readonly Date[], from: Date): Date {
  const times = before.map((one) => one.getTime()).sort((a, b) => a - b);
  const afterLast = (times.at(-1) ?? Number.NEGATIVE_INFINITY) + APART_MS;
  const sixth = times.at(-MOST_AN_HOUR);
  const afterSixth = sixth === undefined ? Number.NEGATIVE_INFINITY : sixth + HOUR_MS;
  return new Date(Math.max(from.getTime(), afterLast, afterSixth));
}
