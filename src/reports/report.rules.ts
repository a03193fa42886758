/**
 * The states of a report, and what leads from one to the next:
 *
 *   – ─submitReport→ NEW ─claimReport→ CLAIMED ─concludeReport→ CONFIRMED | PARTLY_CONFIRMED | UNVERIFIABLE
 *                     ▲                │    ▲                   | REFUTED | OUTDATED
 *                     │                │    └claimReport by the holder: the lease starts anew
 *                     └────the lease────┘
 *                          runs out
 *
 *   NEW, CLAIMED ─markReportDuplicate→ DUPLICATE (of another)
 *   NEW, CLAIMED ─dismissReport→ NOT_USEFUL (with a reason)
 *   every closed state but ANSWERED ─reopenReport→ NEW (with a reason; the conclusion before is kept, and marked)
 *   escalateReport sets a mark and moves nothing: from everywhere but DUPLICATE and NOT_USEFUL
 *   markReportPublic puts a CONFIRMED report on the public map, or takes it off: it moves nothing either
 *
 * A report of category QUESTION asks, and says nothing that could be true: `concludeReport` refuses it. It is closed with its
 * group (`questions/`), as ANSWERED or NOT_USEFUL; splitting the group opens it again.
 *
 * A claim lasts 15 minutes, and all can see it. While it runs nobody else can claim; a checker may conclude a report that
 * a volunteer has claimed, because volunteers look but may not conclude. No row changes when a claim runs out: `stateAt`
 * reads CLAIMED as NEW from then on.
 */
export const REPORT_STATES = [
  'NEW',
  'CLAIMED',
  'CONFIRMED',
  'PARTLY_CONFIRMED',
  'UNVERIFIABLE',
  'REFUTED',
  'OUTDATED',
  'ANSWERED',
  'DUPLICATE',
  'NOT_USEFUL',
] as const;
export type ReportState = (typeof REPORT_STATES)[number];

/** The possible results of checking. */
export const CONCLUSIONS = ['CONFIRMED', 'PARTLY_CONFIRMED', 'UNVERIFIABLE', 'REFUTED', 'OUTDATED'] as const;

/** The states of a closed report. */
export const CLOSED_STATES = [...CONCLUSIONS, 'ANSWERED', 'DUPLICATE', 'NOT_USEFUL'] as const;
export type ClosedState = (typeof CLOSED_STATES)[number];

export const REPORT_TRANSITIONS = {
  claimReport: ['NEW', 'CLAIMED'],
  concludeReport: ['CLAIMED'],
  markReportDuplicate: ['NEW', 'CLAIMED'],
  dismissReport: ['NEW', 'CLAIMED'],
  escalateReport: ['NEW', 'CLAIMED', ...CONCLUSIONS],
  reopenReport: [...CONCLUSIONS, 'DUPLICATE', 'NOT_USEFUL'],
  markReportPublic: ['CONFIRMED'],
} as const satisfies Record<string, readonly ReportState[]>;
export type ReportTransition = keyof typeof REPORT_TRANSITIONS;

/** The category of what asks something. */
export const QUESTION = 'QUESTION';

/** A category as it is kept: people write "Question", too. */
export const keptCategory = (category: string): string => (category.toUpperCase() === QUESTION ? QUESTION : category);

/** How long a claim holds, in milliseconds. */
export const LEASE_MS = 15 * 60_000;

/** How long after its closing the personal data of a report are kept, in days (I-15). */
export const PERSONAL_DATA_DAYS = 90;

/** Whether a transition may start from a state. */
export const reportLeadsFrom = (transition: ReportTransition, state: ReportState): boolean =>
  (REPORT_TRANSITIONS[transition] as readonly ReportState[]).includes(state);

/** The state of a report at a moment: a claim whose lease has run out is a claim no more. */
export const stateAt = (report: { state: ReportState; claimedUntil?: Date | null }, now: Date): ReportState =>
  report.state === 'CLAIMED' && (!report.claimedUntil || report.claimedUntil <= now) ? 'NEW' : report.state;

/** Whether a dossier may rest on a report in this state (I-11). */
export const canRestOn = (state: ReportState): boolean => state === 'CONFIRMED' || state === 'PARTLY_CONFIRMED';

interface Source {
  url: string;
  official: boolean;
  independenceGroup: string | null;
}

const sameWords = (text: string): string => text.normalize('NFC').trim().toLowerCase();

/**
 * Whether evidence is enough to confirm: one official source, or two sources of distinct independence groups. The checker
 * vouches for independence by naming the groups, so a source without a group counts for none; and one address is never
 * independent of itself.
 */
export const canConfirm = (evidence: readonly Source[]): boolean =>
  evidence.some(({ official }) => official) ||
  evidence.some((one) =>
    evidence.some(
      (other) =>
        one.independenceGroup !== null &&
        other.independenceGroup !== null &&
        sameWords(one.independenceGroup) !== sameWords(other.independenceGroup) &&
        one.url !== other.url,
    ),
  );
