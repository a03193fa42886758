import type { Actor } from '../access/actor.ts';
import { Organisation } from '../access/organisations/organisation.entity.ts';
import { publicStateSql } from '../board/archive.queries.ts';
import { sqlIn } from '../database/sql-in.ts';
import { invalidInput } from '../errors.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { Publication } from '../publications/publication.entity.ts';
import type { Mode, PublicState } from '../publications/vocabulary.ts';
import { isUuid } from '../uuid.ts';
import { closeOpen } from './asked-reports.commands.ts';
import type { QuestionGroupState } from './question.rules.ts';
import type { QuestionGroupRow } from './question-group.entity.ts';
import { groupInHand, type OneQuestionGroup } from './question-work.ts';
import { readNote } from './read-questions.ts';

/**
 * Answers a group by what is public: its open questions are closed. INVALID_INPUT for a publication that is over, or of another
 * mode than the group's incident (ACTUAL without one): nobody is answered by an exercise.
 */
export async function answerQuestions(
  work: UnitOfWork,
  { publication, ...which }: OneQuestionGroup & { publication: string },
): Promise<{ id: string }> {
  const { em } = work;
  const { group, actor } = await groupInHand(work, 'answerQuestions', which);
  const { entry } = await holding(work, group.id, publication);
  decide(work, actor, group, 'ANSWERED', {
    answer: em.getReference(Publication, publication.toLowerCase()),
    answerEntryId: entry,
  });
  await closeOpen(work, actor, group, ['ANSWERED', `Répondu par la publication ${publication.toLowerCase()}`]);
  await em.flush();
  return { id: group.id };
}

interface Holding {
  entry: string;
  state: PublicState;
  mode: Mode;
  wanted: Mode;
}

// It waits for a person who is changing that publication, and reads what they left.
const HOLDING = `
  select p.latest_entry_id as entry, p.mode, ${publicStateSql('?::timestamptz')} as state,
    coalesce((select i.mode from question_group g join incident i on i.id = g.incident_id where g.id = ?), 'ACTUAL') as wanted
  from publication p where p.id = ?::uuid for share of p`;

async function holding({ em, clock }: UnitOfWork, group: string, publication: string): Promise<Holding> {
  const now = clock.now().toISOString();
  const [found] = isUuid(publication) ? await sqlIn(em)<Holding>(HOLDING, [now, now, group, publication]) : [];
  const fault = !found
    ? 'must be the id of a publication that is public'
    : found.state === 'ENDED' || found.state === 'CANCELLED'
      ? `must be in force or to come: this publication is ${found.state}`
      : found.mode !== found.wanted && `must have the mode ${found.wanted}: this publication has ${found.mode}`;
  if (!found || fault) throw invalidInput([{ path: 'publication', message: fault || '' }]);
  return found;
}

/** Sends a group on to the organisation that can answer it: its open questions are closed. */
export async function redirectQuestions(
  work: UnitOfWork,
  { organisation, note, ...which }: OneQuestionGroup & { organisation: string; note?: string | null },
): Promise<{ id: string }> {
  const { em } = work;
  const { group, actor } = await groupInHand(work, 'redirectQuestions', which);
  const to = isUuid(organisation)
    ? await em.findOne(Organisation, { id: organisation.toLowerCase(), endedAt: null }, { refresh: true })
    : null;
  if (!to) throw invalidInput([{ path: 'organisation', message: 'must be the id of an organisation that is open' }]);
  const said = note === null || note === undefined ? null : readNote(note, 'note');
  decide(work, actor, group, 'REDIRECTED', { redirectedTo: to, note: said });
  await closeOpen(work, actor, group, ['ANSWERED', `Renvoyé vers : ${to.name}`]);
  await em.flush();
  return { id: group.id };
}

// The reason stands in the group, where somebody who is named in it is taken out again; a conclusion never changes.
const WITHOUT_ANSWER = 'Groupe de questions sans suite';

/** Drops a group that asks nothing the hub or another organisation could answer, with the reason. */
export async function dropQuestions(
  work: UnitOfWork,
  { reason, ...which }: OneQuestionGroup & { reason: string },
): Promise<{ id: string }> {
  const { em } = work;
  const { group, actor } = await groupInHand(work, 'dropQuestions', which);
  const note = readNote(reason, 'reason');
  decide(work, actor, group, 'DROPPED', { note });
  await closeOpen(work, actor, group, ['NOT_USEFUL', WITHOUT_ANSWER]);
  await em.flush();
  return { id: group.id };
}

function decide(
  work: UnitOfWork,
  actor: Actor,
  group: QuestionGroupRow,
  state: QuestionGroupState,
  how: Partial<Pick<QuestionGroupRow, 'answer' | 'answerEntryId' | 'redirectedTo' | 'note'>>,
): void {
  const [decidedBy, decidedAt] = [accountOf(work, actor), work.clock.now()];
  const none = { pressingAt: null, answer: null, answerEntryId: null, redirectedTo: null, note: null };
  Object.assign(group, { ...none, ...how, state, decidedBy, decidedAt });
}
