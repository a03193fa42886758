import { v7 as uuid } from 'uuid';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import { invalidInput } from '../errors.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { Report } from '../reports/report.entity.ts';
import { closeOpen, moveOut, putInto } from './asked-reports.commands.ts';
import { PRESSING } from './question.rules.ts';
import { QuestionGroup, type QuestionGroupRow } from './question-group.entity.ts';
import { isAnswerOutdated } from './question-groups.queries.ts';
import { demandOpenIncident, groupInHand, type OneQuestionGroup } from './question-work.ts';
import { readNote, readReportIds, readTitle } from './read-questions.ts';

export interface NewQuestionGroup {
  reports: unknown;
  title: unknown;
  incident?: string | null;
}

/** Makes one group of reports that ask the same. INVALID_INPUT for what is no open question, CONFLICT for one that has a group. */
export async function groupQuestions(
  work: UnitOfWork,
  { reports, title, incident = null }: NewQuestionGroup,
): Promise<{ id: string }> {
  const { em, actor } = work;
  demand(actor, 'groupQuestions');
  const [ids, read] = [readReportIds(reports), readTitle(title)];
  if (incident !== null) await demandOpenIncident(work, incident);
  const group = newGroup(work, actor, { title: read, incident });
  await em.flush();
  await putInto(em, group.id, ids);
  await em.flush();
  await markPressing(work, group);
  return { id: group.id };
}

/**
 * Adds questions to a group. They are closed as the rest of it is; where its answer is outdated the group opens again, since
 * somebody asks what it no longer answers.
 */
export async function addQuestions(
  work: UnitOfWork,
  { reports, ...which }: OneQuestionGroup & { reports: unknown },
): Promise<{ id: string }> {
  const { em } = work;
  const { group, actor } = await groupInHand(work, 'addQuestions', which);
  await putInto(em, group.id, readReportIds(reports));
  await em.flush();
  if (group.state === 'ANSWERED' && (await isAnswerOutdated(em, group.id, work.clock.now()))) reopen(group);
  else if (group.state !== 'OPEN') await closeOpen(work, actor, group, ['ANSWERED', JOINED]);
  await em.flush();
  await markPressing(work, group);
  return { id: group.id };
}

/** Notes when a group that is OPEN was asked ten times within an hour, the first time that it is. */
async function markPressing({ em, clock }: UnitOfWork, group: QuestionGroupRow): Promise<void> {
  if (group.state !== 'OPEN' || group.pressingAt) return;
  const now = clock.now();
  const since = new Date(now.getTime() - PRESSING.withinMs);
  if ((await em.count(Report, { questionGroupId: group.id, submittedAt: { $gt: since } })) < PRESSING.questions) return;
  group.pressingAt = now;
  await em.flush();
}

const JOINED = 'Question jointe à un groupe qui a sa réponse';

const reopen = (group: QuestionGroupRow): void =>
  void Object.assign(group, { state: 'OPEN', answer: null, answerEntryId: null, decidedBy: null, decidedAt: null });

/** Moves questions of a group to a new one, which is OPEN. At least one stays. */
export async function splitQuestionGroup(
  work: UnitOfWork,
  { reports, title, ...which }: OneQuestionGroup & { reports: unknown; title: unknown },
): Promise<{ id: string; made: string }> {
  const { em } = work;
  const { group, actor } = await groupInHand(work, 'splitQuestionGroup', which);
  const [ids, read] = [readReportIds(reports), readTitle(title)];
  const made = newGroup(work, actor, { title: read, incident: group.incident?.id ?? null });
  await em.flush();
  await moveOut(work, actor, [group.id, made.id], ids);
  await em.flush();
  return { id: group.id, made: made.id };
}

/**
 * Mends the words of a group, which may name somebody: the whole of them. INVALID_INPUT for a note of a group that was neither
 * redirected nor dropped.
 */
export async function reviseQuestionGroup(
  work: UnitOfWork,
  { title, note, ...which }: OneQuestionGroup & { title: unknown; note?: string | null },
): Promise<{ id: string }> {
  const { group } = await groupInHand(work, 'reviseQuestionGroup', which);
  const said = note === null || note === undefined ? null : readNote(note, 'note');
  if (said !== null && group.state !== 'REDIRECTED' && group.state !== 'DROPPED')
    throw invalidInput([{ path: 'note', message: `must be left out while the group is ${group.state}` }]);
  Object.assign(group, { title: readTitle(title), note: said });
  await work.em.flush();
  return { id: group.id };
}

function newGroup(work: UnitOfWork, actor: Actor, about: { title: string; incident: string | null }): QuestionGroupRow {
  const { em, clock } = work;
  const { title, incident } = about;
  return em.create(QuestionGroup, {
    id: uuid(),
    version: 1,
    title,
    state: 'OPEN',
    incident: incident === null ? null : em.getReference(Incident, incident.toLowerCase()),
    openedBy: accountOf(work, actor),
    openedAt: clock.now(),
  });
}
