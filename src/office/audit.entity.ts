import { defineEntity, p } from '@mikro-orm/core';

/**
 * One thing done: who did what to what, and when. `position` and `hash` are stamped by PostgreSQL when the transaction
 * commits; entries never change and are never deleted (I-14).
 */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  indexes: [{ name: 'audit_entry_subject_index', properties: ['subject', 'position'] }],
  uniques: [{ name: 'audit_entry_position_unique', properties: ['position'] }],
  triggers: [
    {
      name: 'audit_entry_actor',
      timing: 'before',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create trigger audit_entry_actor before insert on audit_entry for each row execute function audit_entry_actor()',
    },
    {
      name: 'audit_entry_frozen',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger audit_entry_frozen before insert or update or delete on audit_entry for each row execute function audit_entry_frozen()',
    },
    {
      name: 'audit_entry_stamp',
      timing: 'after',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create constraint trigger audit_entry_stamp after insert on audit_entry deferrable initially deferred for each row execute function audit_entry_stamp()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    position: p.bigint('number').nullable(),
    at: p.datetime(3),
    /** The account; null for what the clock did. */
    actor: p.uuid().nullable(),
    action: p.text(),
    /** The id of the dossier or report. */
    subject: p.uuid().nullable(),
    stateBefore: p.text().nullable(),
    stateAfter: p.text().nullable(),
    hash: p.text().nullable(),
  },
});

/** The one row that chains the entries: the position and the hash of the last. */
export const AuditHead = defineEntity({
  name: 'AuditHead',
  tableName: 'audit_head',
  properties: {
    id: p.integer().primary().autoincrement(false),
    position: p.bigint('number'),
    hash: p.text(),
  },
});
