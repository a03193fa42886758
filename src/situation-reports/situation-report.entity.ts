import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import type { NamedOrganisation } from '../access/organisations/organisation.rules.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import { SITUATION_REPORT_STATES, type SituationParts } from './situation-report.rules.ts';

/**
 * A situation report of an incident. As a draft it holds the words alone: its figures are counted whenever it is read. Once it
 * is frozen, `content` holds all that it says, and PostgreSQL keeps it, with its hash (I-41).
 */
export const SituationReport = defineEntity({
  name: 'SituationReport',
  tableName: 'situation_report',
  uniques: [
    { name: 'situation_report_number_unique', properties: ['incident', 'number', 'edition'] },
    { name: 'situation_report_replaces_unique', properties: ['replaces'] },
  ],
  indexes: [
    {
      name: 'situation_report_draft_unique',
      expression: `create unique index "situation_report_draft_unique" on "situation_report" ("incident_id") where "state" = 'DRAFT'`,
    },
    {
      name: 'situation_report_in_force_unique',
      expression: `create unique index "situation_report_in_force_unique" on "situation_report" ("incident_id", "number") where "state" = 'FROZEN'`,
    },
  ],
  checks: [
    { name: 'situation_report_edition_check', expression: '(edition = 1) = (replaces_id is null)' },
    {
      name: 'situation_report_content_check',
      expression: `(state = 'DRAFT') = (content is null) and (state = 'DRAFT') = (content_hash is null) and (state = 'DRAFT') = (frozen_by_id is null)`,
    },
    {
      name: 'situation_report_moment_check',
      expression: `(state = 'DRAFT') = (as_of is null) and (state = 'DRAFT') = (epoch is null) and (state = 'DRAFT') = ("position" is null) and (state = 'DRAFT') = (log_number is null)`,
    },
  ],
  triggers: [
    {
      name: 'situation_report_guard',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger situation_report_guard before insert or update or delete on situation_report for each row execute function situation_report_guard()',
    },
    {
      name: 'situation_report_replaced',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create constraint trigger situation_report_replaced after update on situation_report deferrable initially deferred for each row execute function situation_report_replaced()',
    },
    {
      name: 'situation_report_ends_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger situation_report_ends_calls after update on situation_report for each row execute function situation_report_ends_calls()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    incident: () => p.manyToOne(Incident),
    /** Dense within the incident (I-42). */
    number: p.integer(),
    edition: p.integer(),
    state: p.enum(SITUATION_REPORT_STATES),
    /** The words of people. */
    parts: p.json<SituationParts>(),
    /** Canonical JSON (RFC 8785) of all that it says; null for a draft. */
    content: p.text().nullable(),
    /** SHA-256 of those bytes, in hex. */
    contentHash: p.text().nullable(),
    /** The moment of the figures; null for a draft. */
    asOf: p.datetime(3).nullable(),
    /** Where the journal stood then. */
    epoch: p.uuid().nullable(),
    position: p.bigint('number').nullable(),
    /** The last line of the incident's log then; 0 for none. */
    logNumber: p.integer().nullable(),
    frozenBy: () => p.manyToOne(Account).nullable(),
    /** That of the account, as it was called then; PostgreSQL writes it. */
    organisation: p.json<NamedOrganisation>().nullable(),
    /** The edition before; null for the first. */
    replaces: () => p.manyToOne(SituationReport).nullable(),
  },
});
export type SituationReportRow = InferEntity<typeof SituationReport>;
