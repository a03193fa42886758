import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import { Organisation } from '../access/organisations/organisation.entity.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import { Publication } from '../publications/publication.entity.ts';
import { QUESTION_GROUP_STATES } from './question.rules.ts';

/** Reports that ask the same, as one thing to answer. Each of its questions names it. */
export const QuestionGroup = defineEntity({
  name: 'QuestionGroup',
  tableName: 'question_group',
  indexes: [{ name: 'question_group_opened_index', properties: ['openedAt', 'id'] }],
  checks: [
    {
      name: 'question_group_answer_check',
      expression: `(state = 'ANSWERED') = (answer_id is not null) and (answer_id is null) = (answer_entry_id is null)`,
    },
    {
      name: 'question_group_redirected_check',
      expression: `(state = 'REDIRECTED') = (redirected_to_id is not null)`,
    },
    { name: 'question_group_pressing_check', expression: `pressing_at is null or state = 'OPEN'` },
    {
      name: 'question_group_decided_check',
      expression: `(state = 'OPEN') = (decided_at is null) and (decided_at is null) = (decided_by_id is null)`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    /** The question in one line, without what identifies people. */
    title: p.text(),
    state: p.enum(QUESTION_GROUP_STATES),
    /** Null for a question of every day. */
    incident: () => p.manyToOne(Incident).nullable(),
    openedBy: () => p.manyToOne(Account),
    openedAt: p.datetime(3),
    /** Since when it is asked often and nothing public answers it. */
    pressingAt: p.datetime(3).nullable(),
    answer: () => p.manyToOne(Publication).nullable(),
    /** The journal entry that held the answer when it was given: a later one may say something else. */
    answerEntryId: p.uuid().nullable(),
    redirectedTo: () => p.manyToOne(Organisation).nullable(),
    /** Why it was redirected or dropped, without what identifies people. */
    note: p.text().nullable(),
    decidedBy: () => p.manyToOne(Account).nullable(),
    decidedAt: p.datetime(3).nullable(),
  },
});
export type QuestionGroupRow = InferEntity<typeof QuestionGroup>;
