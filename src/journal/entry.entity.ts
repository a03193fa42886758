import { defineEntity, p } from '@mikro-orm/core';

/**
 * One change to what is public. Entries never change and are never deleted. `position` is stamped when the
 * transaction commits, by PostgreSQL: dense and in commit order. It is null in memory after a commit; the tail reads it.
 */
export const JournalEntry = defineEntity({
  name: 'JournalEntry',
  tableName: 'journal_entry',
  indexes: [{ name: 'journal_entry_subject_index', properties: ['subject', 'position'] }],
  uniques: [{ name: 'journal_entry_position_unique', properties: ['position'] }],
  triggers: [
    {
      name: 'journal_entry_frozen',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger journal_entry_frozen before insert or update or delete on journal_entry for each row execute function journal_entry_frozen()',
    },
    {
      name: 'journal_entry_stamp',
      timing: 'after',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create constraint trigger journal_entry_stamp after insert on journal_entry deferrable initially deferred for each row execute function journal_entry_stamp()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    position: p.bigint('number').nullable(),
    /** The id of the thread that changed. The journal knows nothing more of it. */
    subject: p.uuid(),
    type: p.text(),
    at: p.datetime(3),
    changedFields: p.array(),
    ring: p.boolean(),
    /** Whether it rings only because the publication reaches more communes. */
    onlyWider: p.boolean().default(false),
    /** The frozen document as of this entry, whole. */
    document: p.json<object>(),
    /** Stamped with the position: fields of the document before this entry that filters compare; null for the first. */
    before: p.json<object>().nullable(),
  },
});

/** The one row that stamps positions; `epoch` changes when a backup is restored, so that old cursors are refused. */
export const JournalHead = defineEntity({
  name: 'JournalHead',
  tableName: 'journal_head',
  properties: {
    id: p.integer().primary().autoincrement(false),
    epoch: p.uuid(),
    position: p.bigint('number'),
  },
});
