import { defineEntity, p } from '@mikro-orm/core';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import { Mailbox } from '../institution.entity.ts';
import { LETTER_PURPOSES, LETTER_STATES } from '../vocabulary.ts';

/**
 * One letter for one mailbox. Its words follow from the entry of the journal, so that only what came of it is kept. PostgreSQL sees to
 * it that the mailbox wants it (I-48).
 */
export const LetterRecord = defineEntity({
  name: 'LetterRecord',
  tableName: 'letter',
  indexes: [
    { name: 'letter_due_index', properties: ['state', 'dueAt'] },
    { name: 'letter_thread_index', properties: ['mailbox', 'publication', 'position'] },
  ],
  triggers: [
    {
      name: 'letter_wanted',
      timing: 'before',
      events: ['insert'],
      forEach: 'row',
      expression: 'create trigger letter_wanted before insert on letter for each row execute function letter_wanted()',
    },
  ],
  uniques: [{ name: 'letter_entry_unique', properties: ['mailbox', 'position'] }],
  properties: {
    id: p.uuid().primary(),
    mailbox: () => p.manyToOne(Mailbox),
    purpose: p.enum(LETTER_PURPOSES),
    /** Null for an invitation, as is its position. */
    publication: p.uuid().nullable(),
    /** Of the entry of the journal that it tells of. */
    position: p.bigint('number').nullable(),
    /** How the publication left the institution's places or gravity, where it did. */
    departed: p.json<Departed>().nullable(),
    state: p.enum(LETTER_STATES),
    attempts: p.integer(),
    createdAt: p.datetime(3),
    dueAt: p.datetime(3),
    /** When it has nothing to tell any more. */
    expiresAt: p.datetime(3),
    /** The courier that may send it, and until when no other one may, by the database's clock. */
    lease: p.uuid().nullable(),
    leasedUntil: p.datetime(3).nullable(),
    attemptedAt: p.datetime(3).nullable(),
    endedAt: p.datetime(3).nullable(),
    /** The relay's last answer; null where there was none, and where a report says that the letter did not arrive. */
    status: p.integer().nullable(),
    /** Why the last attempt failed, in French. */
    fault: p.text().nullable(),
  },
});

/** One row: up to which entry of the journal letters were made. */
export const LetterProgress = defineEntity({
  name: 'LetterProgress',
  tableName: 'letter_progress',
  properties: {
    id: p.integer().primary(),
    position: p.bigint('number'),
  },
});
