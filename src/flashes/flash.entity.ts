import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import { Organisation } from '../access/organisations/organisation.entity.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import { MODES } from '../publications/vocabulary.ts';
import { Report } from '../reports/report.entity.ts';
import { EMERGENCY_CALLS, FLASH_ANSWERS } from './flash.rules.ts';

/**
 * That a report tells of a life at stake, for the Sdis. PostgreSQL numbers flashes without a gap, and keeps what was sent and
 * answered (I-63). It is never public (I-65). The words hold nothing that identifies people: that stands with the personal data of the report (I-15).
 */
export const Flash = defineEntity({
  name: 'Flash',
  tableName: 'flash',
  indexes: [
    { name: 'flash_sent_index', properties: ['sentAt', 'id'] },
    { name: 'flash_incident_index', properties: ['incident'] },
  ],
  triggers: [
    {
      name: 'flash_stamp',
      timing: 'before',
      events: ['insert'],
      forEach: 'row',
      expression: 'create trigger flash_stamp before insert on flash for each row execute function flash_stamp()',
    },
    {
      name: 'flash_kept',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger flash_kept before update or delete on flash for each row execute function flash_kept()',
    },
    {
      name: 'flash_ends_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger flash_ends_calls after update on flash for each row execute function flash_ends_calls()',
    },
  ],
  checks: [
    {
      name: 'flash_answered_check',
      expression: `(answer is null) = (answered_at is null) and (answer is null) = (answered_by_id is null) and (remark is null or answer is not null)`,
    },
    {
      name: 'flash_withdrawn_check',
      expression: `(withdrawn_at is null) = (withdrawn_by_id is null) and (withdrawn_at is null) = (withdrawn_for is null) and (withdrawn_at is null or answer is null)`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Given by PostgreSQL. */
    number: p.integer().unique('flash_number_unique'),
    report: () => p.oneToOne(Report),
    incident: () => p.manyToOne(Incident).nullable(),
    mode: p.enum(MODES),
    /** The organisation of the first contact on duty; null where nobody was. */
    to: () => p.manyToOne(Organisation).nullable(),
    what: p.text(),
    place: p.text(),
    emergencyCalled: p.enum(EMERGENCY_CALLS),
    sentBy: () => p.manyToOne(Account),
    sentAt: p.datetime(3),
    answer: p.enum(FLASH_ANSWERS).nullable(),
    remark: p.text().nullable(),
    /** The contact, or the person of the desk who noted the answer. */
    answeredBy: () => p.manyToOne(Account).nullable(),
    answeredAt: p.datetime(3).nullable(),
    withdrawnFor: p.text().nullable(),
    withdrawnBy: () => p.manyToOne(Account).nullable(),
    withdrawnAt: p.datetime(3).nullable(),
  },
});
export type FlashRow = InferEntity<typeof Flash>;

/** The last number that was given: a row that is locked until the flash with the next one is committed. */
export const FlashHead = defineEntity({
  name: 'FlashHead',
  tableName: 'flash_head',
  properties: {
    id: p.integer().primary().autoincrement(false),
    number: p.integer(),
  },
});
