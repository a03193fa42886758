import { ESCALATED_MS, UNANSWERED_MS } from '../calling/flash-turn.rules.ts';
import type { ReportState } from '../reports/report.rules.ts';
import { CONCLUSIONS } from '../reports/report.rules.ts';

/**
 * A flash tells the Sdis that a report is about a life at stake. Its states, and what leads from one to the next:
 *
 *   – ─flashReport→ SENT ─6 minutes without an answer→ UNANSWERED
 *   SENT, UNANSWERED ─answerFlash→ ANSWERED
 *   SENT, UNANSWERED ─withdrawFlash→ WITHDRAWN (with a reason)
 *
 * No row changes when six minutes have passed: the state follows from the clock, as does whether a flash is escalated. Its call
 * (`calling/flash-turn.rules.ts`) rings until it is answered or withdrawn.
 */
export const FLASH_STATES = ['SENT', 'UNANSWERED', 'ANSWERED', 'WITHDRAWN'] as const;
export type FlashState = (typeof FLASH_STATES)[number];

/** The answers of the Sdis. */
export const FLASH_ANSWERS = ['TAKEN', 'KNOWN_ALREADY', 'NOT_FOUND', 'NOT_FOR_US'] as const;
export type FlashAnswer = (typeof FLASH_ANSWERS)[number];

/** Whether somebody has called an emergency number. */
export const EMERGENCY_CALLS = ['BY_US', 'BY_WITNESS', 'NOT_YET', 'NOT_KNOWN'] as const;
export type EmergencyCalled = (typeof EMERGENCY_CALLS)[number];

/** The states of a report in which it may be flashed: no check is awaited. Of a duplicate the original is. */
const FLASHED_FROM: readonly ReportState[] = ['NEW', 'CLAIMED', ...CONCLUSIONS];
export const mayBeFlashed = (state: ReportState): boolean => FLASHED_FROM.includes(state);

/** A flash as far as its state follows from it. */
export interface FlashTimes {
  sentAt: Date;
  answeredAt: Date | null;
  withdrawnAt: Date | null;
}

export function flashStateAt({ sentAt, answeredAt, withdrawnAt }: FlashTimes, now: Date): FlashState {
  if (withdrawnAt) return 'WITHDRAWN';
  if (answeredAt) return 'ANSWERED';
  return now.getTime() - sentAt.getTime() >= UNANSWERED_MS ? 'UNANSWERED' : 'SENT';
}

/** The SQL of the same, of a row of `flash`, at a moment. */
export const flashStateSql = (moment: string): string => `case when withdrawn_at is not null then 'WITHDRAWN'
  when answered_at is not null then 'ANSWERED'
  when sent_at <= ${moment} - interval '${UNANSWERED_MS} milliseconds' then 'UNANSWERED' else 'SENT' end`;

/**
 * Whether somebody has to telephone: nobody of the Sdis was on duty, or none has answered for four minutes. Never of a flash that
 * was answered or withdrawn.
 */
export function isEscalatedAt(flash: FlashTimes & { hasContact: boolean }, now: Date): boolean {
  if (flash.answeredAt || flash.withdrawnAt) return false;
  return !flash.hasContact || now.getTime() - flash.sentAt.getTime() >= ESCALATED_MS;
}
