import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { insertion, type Write } from '../database/writes.ts';
import { JournalEntry } from './entry.entity.ts';
import { CHANNEL } from './listen.ts';

export interface NewEntry {
  subject: string;
  type: string;
  at: Date;
  changedFields: string[];
  ring: boolean;
  document: object;
}

/**
 * The write that appends one entry, and the id of the entry. PostgreSQL stamps its position when the transaction commits,
 * and notifies every hub then; a rollback leaves no trace and wakes nobody (D-1).
 */
export function appended(em: EntityManager, entry: NewEntry): { id: string; write: Write } {
  const id = uuid();
  const { text, values } = insertion(em, JournalEntry, { id, ...entry });
  return { id, write: { text: `${text} returning pg_notify('${CHANNEL}', '')`, values } };
}
