import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { parisTime } from '../clock.ts';
import { HubError, invalidInput, readInput } from '../errors.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { conclusionInput, reason } from './read-report.ts';
import { Conclusion, type ConclusionRow, Evidence, Report, type ReportRow } from './report.entity.ts';
import { type ClosedState, canConfirm, LEASE_MS, QUESTION, stateAt } from './report.rules.ts';
import { demandState, lockReport } from './report-work.ts';

export interface OneReport {
  id: string;
}

/**
 * Claims a report for 15 minutes; the person who has claimed it renews the claim by claiming again. CONFLICT while
 * another person has claimed it: of two who claim at once, one wins.
 */
export async function claimReport(work: UnitOfWork, { id }: OneReport): Promise<ReportRow> {
  const { em, actor, clock } = work;
  demand(actor, 'claimReport');
  const report = await lockReport(em, id);
  const now = clock.now();
  demandState(report, 'claimReport', now);
  if (stateAt(report, now) === 'CLAIMED' && report.claimedUntil && report.claimedBy?.id !== actor.id)
    throw new HubError('CONFLICT', `somebody else holds this report until ${parisTime(report.claimedUntil)}`);
  report.state = 'CLAIMED';
  report.claimedBy = accountOf(work, actor);
  report.claimedUntil = new Date(now.getTime() + LEASE_MS);
  await em.flush();
  return report;
}

/**
 * Closes a report with what checking found. FORBIDDEN for the person who submitted the report; INVALID_INPUT for a
 * confirmation without two independent sources or an official one; WRONG_STAGE for a question, which says nothing (I-53).
 */
export async function concludeReport(
  work: UnitOfWork,
  { id, conclusion: input }: OneReport & { conclusion: unknown },
): Promise<ReportRow> {
  const { em, actor, clock } = work;
  demand(actor, 'concludeReport');
  const report = await lockReport(em, id);
  demandState(report, 'concludeReport', clock.now());
  if (report.category === QUESTION)
    throw new HubError('WRONG_STAGE', 'a question is neither true nor false: group it, and answer the group');
  if (report.submittedBy.id === actor.id)
    throw new HubError('FORBIDDEN', 'nobody concludes on what they submitted: another checker must');
  const { state, explanation, evidence } = readInput(conclusionInput, input, 'conclusion');
  if (state === 'CONFIRMED' && !canConfirm(evidence))
    throw invalidInput([
      {
        path: 'conclusion.evidence',
        message: 'must hold one official source, or two sources of distinct independence groups',
      },
    ]);
  const conclusion = closeReport(work, actor, report, state, explanation);
  evidence.forEach((one, place) => void em.create(Evidence, { id: uuid(), conclusion, place, ...one }));
  await em.flush();
  return report;
}

/**
 * Closes a report as saying the same as another. INVALID_INPUT where `duplicateOf` is the report itself, or a duplicate in its turn.
 * Reports that were duplicates of this one become duplicates of `duplicateOf`, so that every duplicate points at an original.
 */
export async function markReportDuplicate(
  work: UnitOfWork,
  { id, duplicateOf }: OneReport & { duplicateOf: string },
): Promise<ReportRow> {
  const { em, actor, clock } = work;
  demand(actor, 'markReportDuplicate');
  const [report, original] = await lockBoth(em, id, duplicateOf);
  demandState(report, 'markReportDuplicate', clock.now());
  if (original.duplicateOf)
    throw invalidInput([
      { path: 'duplicateOf', message: `is itself a duplicate: name ${original.duplicateOf.id} instead` },
    ]);
  closeReport(work, actor, report, 'DUPLICATE', `Doublon du signalement ${original.id}`);
  Object.assign(report, { duplicateOf: original, questionGroupId: null });
  for (const follower of await em.find(Report, { duplicateOf: report })) follower.duplicateOf = original;
  await em.flush();
  return report;
}

/** Closes a report that helps nobody, with a reason. */
export async function dismissReport(
  work: UnitOfWork,
  { id, reason: why }: OneReport & { reason: string },
): Promise<ReportRow> {
  const { em, actor, clock } = work;
  demand(actor, 'dismissReport');
  const report = await lockReport(em, id);
  demandState(report, 'dismissReport', clock.now());
  closeReport(work, actor, report, 'NOT_USEFUL', readInput(reason, why, 'reason'));
  report.questionGroupId = null;
  await em.flush();
  return report;
}

/** Brings a report to the attention of staff. A second time changes nothing. */
export async function escalateReport({ em, actor, clock }: UnitOfWork, { id }: OneReport): Promise<ReportRow> {
  demand(actor, 'escalateReport');
  const report = await lockReport(em, id);
  demandState(report, 'escalateReport', clock.now());
  report.escalated = true;
  await em.flush();
  return report;
}

/** Opens a closed report again, with a reason. Its conclusion is kept, and the public map shows it no longer. */
export async function reopenReport(
  work: UnitOfWork,
  { id, reason: why }: OneReport & { reason: string },
): Promise<ReportRow> {
  const { em, actor, clock } = work;
  demand(actor, 'reopenReport');
  const report = await lockReport(em, id);
  demandState(report, 'reopenReport', clock.now());
  const standing = await em.findOneOrFail(Conclusion, { report, reopenedAt: null });
  standing.reopenReason = readInput(reason, why, 'reason');
  standing.reopenedBy = accountOf(work, actor);
  standing.reopenedAt = clock.now();
  Object.assign(report, {
    state: 'NEW',
    closedAt: null,
    duplicateOf: null,
    questionGroupId: null,
    markedPublic: false,
  });
  await em.flush();
  return report;
}

/** Puts a confirmed report on the public map, or takes it off. WRONG_STAGE unless it is CONFIRMED and has a place. */
export async function markReportPublic(
  { em, actor, clock }: UnitOfWork,
  { id, shown }: OneReport & { shown: boolean },
): Promise<ReportRow> {
  demand(actor, 'markReportPublic');
  const report = await lockReport(em, id);
  demandState(report, 'markReportPublic', clock.now());
  if (shown && report.lon === null) throw new HubError('WRONG_STAGE', 'a report without a point has no place on a map');
  report.markedPublic = shown;
  await em.flush();
  return report;
}

/** Closes a locked report in a state, with the reason. The caller has checked that it may. */
export function closeReport(
  work: UnitOfWork,
  actor: Actor,
  report: ReportRow,
  state: ClosedState,
  explanation: string,
): ConclusionRow {
  const { em, clock } = work;
  Object.assign(report, { state, closedAt: clock.now(), claimedBy: null, claimedUntil: null });
  return em.create(Conclusion, {
    id: uuid(),
    report,
    state,
    explanation,
    by: accountOf(work, actor),
    at: clock.now(),
  });
}

/** Locks two reports in the order of their ids, so that two people who merge them crosswise do not wait for each other. */
async function lockBoth(em: EntityManager, id: string, of: string): Promise<[ReportRow, ReportRow]> {
  if (id.toLowerCase() === of.toLowerCase())
    throw invalidInput([{ path: 'duplicateOf', message: 'must be another report than this one' }]);
  const locked = new Map<string, ReportRow>();
  for (const one of [id, of].sort()) locked.set(one, await lockReport(em, one));
  const [report, original] = [locked.get(id), locked.get(of)];
  if (!report || !original) throw new HubError('NOT_FOUND', `there is no report ${of}`);
  return [report, original];
}
