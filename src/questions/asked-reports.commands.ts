import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import { type FieldFault, HubError, invalidInput } from '../errors.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { closeReport } from '../reports/report.commands.ts';
import { Conclusion, Report, type ReportRow } from '../reports/report.entity.ts';
import { QUESTION } from '../reports/report.rules.ts';
import type { QuestionGroupRow } from './question-group.entity.ts';

const OPEN_STATES = ['NEW', 'CLAIMED'] as const;
const isOpen = ({ state }: ReportRow): boolean => (OPEN_STATES as readonly string[]).includes(state);

/** Locks reports in the order of their ids, so that two people who name the same do not wait for each other. */
async function lockReports(em: EntityManager, ids: readonly string[]): Promise<ReportRow[]> {
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true, orderBy: { id: 'asc' } } as const;
  const found = new Map((await em.find(Report, { id: { $in: [...ids] } }, options)).map((row) => [row.id, row]));
  const missing = ids.flatMap((id, index) => (found.has(id) ? [] : [fault(index, 'must be the id of a report')]));
  if (missing.length > 0) throw invalidInput(missing);
  return ids.flatMap((id) => found.get(id) ?? []);
}

const fault = (index: number, message: string): FieldFault => ({ path: `reports.${index}`, message });

/**
 * Puts reports into a group. INVALID_INPUT for those that are no questions, or closed; CONFLICT where one is in a group already: of
 * two people who group it at the same moment, one does.
 */
export async function putInto(em: EntityManager, group: string, ids: readonly string[]): Promise<ReportRow[]> {
  const reports = await lockReports(em, ids);
  const faults = reports.flatMap((report, index) => {
    if (report.category !== QUESTION) return [fault(index, `must be a question: a report of category ${QUESTION}`)];
    if (report.questionGroupId === null && !isOpen(report))
      return [fault(index, `must be open: this question is ${report.state}`)];
    return [];
  });
  if (faults.length > 0) throw invalidInput(faults);
  const taken = reports.find(({ questionGroupId }) => questionGroupId !== null);
  if (taken) throw new HubError('CONFLICT', `question ${taken.id} is in a group already: ${taken.questionGroupId}`);
  for (const report of reports) report.questionGroupId = group;
  return reports;
}

/** Closes the questions of a group that are open; the others stay as they are (I-55). */
export async function closeOpen(
  work: UnitOfWork,
  actor: Actor,
  group: Pick<QuestionGroupRow, 'id'>,
  [state, explanation]: ['ANSWERED' | 'NOT_USEFUL', string],
): Promise<void> {
  const { em } = work;
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true, orderBy: { id: 'asc' } } as const;
  const open = await em.find(Report, { questionGroupId: group.id, state: { $in: [...OPEN_STATES] } }, options);
  for (const report of open) closeReport(work, actor, report, state, explanation);
}

const SPLIT = 'Question séparée de son groupe';

/** Moves questions of a group to another one, and opens those that were closed. INVALID_INPUT for reports that are not in it. */
export async function moveOut(
  work: UnitOfWork,
  actor: Actor,
  [from, to]: [string, string],
  ids: readonly string[],
): Promise<void> {
  const { em, clock } = work;
  const reports = await lockReports(em, ids);
  const strangers = reports.flatMap(({ questionGroupId }, index) =>
    questionGroupId === from ? [] : [fault(index, 'must be in this group')],
  );
  if (strangers.length > 0) throw invalidInput(strangers);
  const left = await em.count(Report, { questionGroupId: from });
  if (left === reports.length)
    throw invalidInput([{ path: 'reports', message: 'must leave one question at least in the group' }]);
  const closed = reports.filter((report) => !isOpen(report));
  const standing = await em.find(Conclusion, { report: { $in: closed }, reopenedAt: null }, { refresh: true });
  for (const conclusion of standing)
    Object.assign(conclusion, { reopenedBy: accountOf(work, actor), reopenedAt: clock.now(), reopenReason: SPLIT });
  for (const report of closed) Object.assign(report, { state: 'NEW', closedAt: null });
  for (const report of reports) report.questionGroupId = to;
}
