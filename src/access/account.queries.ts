import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import type { Sql } from '../database/sql.ts';
import { sqlIn } from '../database/sql-in.ts';

/** A person or a machine, as its issuer describes it. */
export interface AccountOwner {
  issuer: string;
  /** The issuer's own name for the person: no other person of the issuer has the same. */
  subject: string;
  name: string;
}

/** An account as far as it decides who may come in. */
export interface Admission {
  id: string;
  isDisabled: boolean;
}

/** Makes the account of a person, or finds it, and keeps its name up to date. */
export async function resolveAccount(em: EntityManager, { issuer, subject, name }: AccountOwner): Promise<Admission> {
  const rows = await sqlIn(em)<Admission>(
    `insert into account (id, version, issuer, subject, name, created_at) values (?, 1, ?, ?, ?, now())
     on conflict (issuer, subject) do update set name = excluded.name
     returning id, disabled_at is not null as "isDisabled"`,
    [uuid(), issuer, subject, name],
  );
  const [row] = rows;
  if (!row) throw new Error('an upsert answered no row');
  return row;
}

/** Those of some accounts that are disabled. */
export async function disabledAmong(sql: Sql, ids: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }>('select id from account where id = any($1) and disabled_at is not null', [
    ids,
  ]);
  return rows.map(({ id }) => id);
}
