import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import type { PersonalItem } from './personal/personal.rules.ts';
import { CLOSED_STATES, REPORT_STATES } from './report.rules.ts';

/**
 * Something seen, as the whole desk may read it: what identifies people stands in `ReportPersonal` alone. `state` is
 * what was last written; `stateAt` says what it is now, since a lease runs out without a write.
 */
export const Report = defineEntity({
  name: 'Report',
  tableName: 'report',
  indexes: [
    { name: 'report_submitted_index', properties: ['submittedAt', 'id'] },
    { name: 'report_state_index', properties: ['state', 'submittedAt', 'id'] },
    { name: 'report_question_index', properties: ['questionGroupId', 'submittedAt', 'id'] },
    {
      name: 'report_words_index',
      expression: 'create index "report_words_index" on "report" using gin (search_vector("text"))',
    },
  ],
  triggers: [
    {
      name: 'report_ends_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger report_ends_calls after update on report for each row execute function report_ends_calls()',
    },
  ],
  checks: [
    {
      name: 'report_claim_check',
      expression: `(state = 'CLAIMED') = (claimed_by_id is not null) and (state = 'CLAIMED') = (claimed_until is not null)`,
    },
    { name: 'report_closed_check', expression: `(state in ('NEW', 'CLAIMED')) = (closed_at is null)` },
    { name: 'report_duplicate_check', expression: `(state = 'DUPLICATE') = (duplicate_of_id is not null)` },
    { name: 'report_public_check', expression: `not marked_public or state = 'CONFIRMED'` },
    {
      name: 'report_question_check',
      expression: `coalesce(category, '') <> 'QUESTION' or state in ('NEW', 'CLAIMED', 'ANSWERED', 'DUPLICATE', 'NOT_USEFUL')`,
    },
    {
      name: 'report_grouped_check',
      expression: `coalesce(category, '') = 'QUESTION' or (question_group_id is null and state <> 'ANSWERED')`,
    },
    { name: 'report_answered_check', expression: `state <> 'ANSWERED' or question_group_id is not null` },
    { name: 'report_point_check', expression: '(lon is null) = (lat is null)' },
  ],
  properties: {
    id: p.uuid().primary(),
    state: p.enum(REPORT_STATES),
    text: p.text(),
    channel: p.text(),
    url: p.text().nullable(),
    seenAt: p.datetime(3),
    /** INSEE code, as in force on the day of the report. */
    commune: p.text().nullable(),
    lon: p.double().$type<number>().nullable(),
    lat: p.double().$type<number>().nullable(),
    category: p.text().nullable(),
    submittedBy: () => p.manyToOne(Account),
    submittedAt: p.datetime(3),
    claimedBy: () => p.manyToOne(Account).nullable(),
    claimedUntil: p.datetime(3).nullable(),
    duplicateOf: () => p.manyToOne(Report).nullable(),
    /** The group of a question, which stands above reports: by its id alone. A question has one group at most (I-53). */
    questionGroupId: p.uuid().nullable(),
    escalated: p.boolean(),
    /** Shown on the public map, by position, category and time alone. */
    markedPublic: p.boolean(),
    closedAt: p.datetime(3).nullable(),
  },
});
export type ReportRow = InferEntity<typeof Report>;

/** The personal data of a report. The row goes 90 days after the report was closed (I-15). */
export const ReportPersonal = defineEntity({
  name: 'ReportPersonal',
  tableName: 'report_personal',
  properties: {
    report: () => p.oneToOne(Report).primary(),
    /** The text as it was captured. */
    captured: p.text(),
    /** The address as it was captured. */
    url: p.text().nullable(),
    items: p.json<PersonalItem[]>(),
  },
});

/** How a report was closed, by whom and why. It is never deleted: reopening marks it. */
export const Conclusion = defineEntity({
  name: 'Conclusion',
  tableName: 'conclusion',
  indexes: [
    {
      name: 'conclusion_standing_unique',
      expression:
        'create unique index "conclusion_standing_unique" on "conclusion" ("report_id") where "reopened_at" is null',
    },
    { name: 'conclusion_report_index', properties: ['report', 'at'] },
  ],
  triggers: [
    {
      name: 'conclusion_kept',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger conclusion_kept before insert or update or delete on conclusion for each row execute function conclusion_kept()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    report: () => p.manyToOne(Report),
    state: p.enum(CLOSED_STATES),
    explanation: p.text(),
    by: () => p.manyToOne(Account),
    at: p.datetime(3),
    reopenedBy: () => p.manyToOne(Account).nullable(),
    reopenedAt: p.datetime(3).nullable(),
    reopenReason: p.text().nullable(),
  },
});
export type ConclusionRow = InferEntity<typeof Conclusion>;

/** One thing that a conclusion rests on, in the order in which it was given. */
export const Evidence = defineEntity({
  name: 'Evidence',
  tableName: 'evidence',
  uniques: [{ name: 'evidence_place_unique', properties: ['conclusion', 'place'] }],
  triggers: [
    {
      name: 'evidence_kept',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger evidence_kept before update or delete on evidence for each row execute function refuse_change()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    conclusion: () => p.manyToOne(Conclusion),
    /** Counted from 0. */
    place: p.integer(),
    label: p.text(),
    url: p.text(),
    official: p.boolean(),
    independenceGroup: p.text().nullable(),
  },
});
