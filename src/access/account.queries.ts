import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { sqlIn } from '../database/sql-in.ts';

/** Makes the account of a subject, or finds it, and keeps its name up to date. Returns its id. */
export async function resolveAccount(em: EntityManager, subject: string, name: string): Promise<string> {
  const rows = await sqlIn(em)<{ id: string }>(
    `insert into account (id, subject, name, created_at) values (?, ?, ?, now())
     on conflict (subject) do update set name = excluded.name returning id`,
    [uuid(), subject, name],
  );
  const [row] = rows;
  if (!row) throw new Error('an upsert answered no row');
  return row.id;
}
