import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { sqlIn } from '../database/sql-in.ts';
import { insertion, type Write } from '../database/writes.ts';
import { noteAppended } from '../tracing/publication-trace.ts';
import { JournalEntry } from './entry.entity.ts';
import type { Head } from './entry.ts';
import { CHANNEL } from './listen.ts';

export interface NewEntry {
  subject: string;
  type: string;
  at: Date;
  changedFields: string[];
  ring: boolean;
  onlyWider: boolean;
  document: object;
}

/**
 * The write that appends one entry, and the id of the entry. PostgreSQL stamps its position when the transaction commits,
 * and notifies every hub then; a rollback leaves no trace and wakes nobody (D-1).
 */
export function appended(em: EntityManager, entry: NewEntry): { id: string; write: Write } {
  const id = uuid();
  noteAppended({ id, type: entry.type });
  const { text, values } = insertion(em, JournalEntry, { id, ...entry });
  return { id, write: { text: `${text} returning pg_notify('${CHANNEL}', '')`, values } };
}

/**
 * Has PostgreSQL stamp now what this transaction appended, as its commit would; answers where the journal stands with it.
 * The locks of the journal and of the audit log are held from here on, so only the commit may follow soon.
 */
export async function stampedHead(em: EntityManager): Promise<Head> {
  const sql = sqlIn(em);
  await sql('set constraints all immediate');
  const [head] = await sql<{ epoch: string; position: string }>(
    'select epoch, position from journal_head where id = 1',
  );
  if (!head) throw new Error('the journal has no head');
  return { epoch: head.epoch, position: Number(head.position) };
}
