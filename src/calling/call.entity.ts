import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import { Dossier } from '../editorial/dossier/dossier.entity.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import { MODES, SEVERITIES } from '../publications/vocabulary.ts';
import { Report } from '../reports/report.entity.ts';
import { Watcher } from '../watchers/watcher.entity.ts';
import { CALL_REASONS, CALL_STATES, type ContactWay } from './call.rules.ts';

/**
 * That somebody is called to what waits for a decision: one open call for each reason and subject (I-50). The deed that it
 * waits for ends it in its own transaction, by triggers on the tables of its subjects (I-51).
 */
export const Call = defineEntity({
  name: 'Call',
  tableName: 'call',
  indexes: [
    {
      name: 'call_open_unique',
      expression:
        'create unique index "call_open_unique" on "call" ("reason", coalesce("dossier_id", "report_id", "watcher_id", "target_id")) where "ended_at" is null',
    },
    {
      name: 'call_topic_unique',
      expression: `create unique index "call_topic_unique" on "call" ("reason", "topic", coalesce("incident_id"::text, '')) where "ended_at" is null and "topic" is not null`,
    },
    {
      name: 'call_due_index',
      expression: 'create index "call_due_index" on "call" ("due_at") where "due_at" is not null',
    },
    { name: 'call_started_index', properties: ['startedAt', 'id'] },
    { name: 'call_dossier_index', properties: ['dossier'] },
    { name: 'call_report_index', properties: ['report'] },
    { name: 'call_watcher_index', properties: ['watcher'] },
  ],
  triggers: [
    {
      name: 'call_stops_messages',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger call_stops_messages after update on call for each row execute function call_stops_messages()',
    },
    {
      name: 'call_stays_ended',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger call_stays_ended before update on call for each row execute function call_stays_ended()',
    },
  ],
  checks: [
    {
      name: 'call_subject_check',
      expression: 'num_nonnulls(dossier_id, report_id, watcher_id, target_id, topic) = 1',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    reason: p.enum(CALL_REASONS),
    /** A dossier, a report, a watcher, the person for whom it is a test, or a topic: it has one of them. */
    dossier: () => p.manyToOne(Dossier).nullable(),
    report: () => p.manyToOne(Report).nullable(),
    watcher: () => p.manyToOne(Watcher).nullable().deleteRule('cascade'),
    target: () => p.manyToOne(Account).nullable(),
    /** Of a test: the ways besides the desk by which it rings; null for all. */
    ways: p.array().$type<ContactWay[]>().nullable(),
    /** A condition that lasts, of the incident where it has one. */
    topic: p.text().nullable(),
    /** The incident whose roster is rung first. */
    incident: () => p.manyToOne(Incident).nullable(),
    mode: p.enum(MODES),
    severity: p.enum(SEVERITIES).nullable(),
    state: p.enum(CALL_STATES),
    /** Never rung; null for the clock. */
    causedBy: () => p.manyToOne(Account).nullable(),
    startedAt: p.datetime(3),
    /** How often somebody was rung, or nobody was left to be. */
    rung: p.integer(),
    /** The turn in which everybody had been rung for the first time. */
    exhaustedRung: p.integer().nullable(),
    /** When the next turn is due; null for never. */
    dueAt: p.datetime(3).nullable(),
    takenBy: () => p.manyToOne(Account).nullable(),
    takenUntil: p.datetime(3).nullable(),
    /** From the person who passed it on, for the next one. */
    note: p.text().nullable(),
    endedAt: p.datetime(3).nullable(),
  },
});
export type CallRow = InferEntity<typeof Call>;

/** That one person was rung at the desk; it is written before anything leaves. Messages of contact points are rows of their own. */
export const CallStep = defineEntity({
  name: 'CallStep',
  tableName: 'call_step',
  indexes: [
    { name: 'call_step_call_index', properties: ['call'] },
    { name: 'call_step_account_index', properties: ['account'] },
  ],
  triggers: [
    {
      name: 'call_step_stops_messages',
      timing: 'after',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger call_step_stops_messages after insert or update on call_step for each row execute function call_step_stops_messages()',
    },
    {
      name: 'call_step_guard',
      timing: 'before',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger call_step_guard before insert or update on call_step for each row execute function call_step_guard()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    call: () => p.manyToOne(Call).deleteRule('cascade'),
    account: () => p.manyToOne(Account),
    way: p.enum(['DESK'] as const),
    /** In which turn of the call. */
    rung: p.integer(),
    at: p.datetime(3),
    outcome: p.enum(['ACCEPTED', 'ANSWERED'] as const),
  },
});
