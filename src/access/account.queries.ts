import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import type { Sql } from '../database/sql.ts';
import { sqlIn } from '../database/sql-in.ts';
import type { Role } from './actor.ts';

/** The issuer of personas: no issuer of tokens has an address like this one. */
export const DEVELOPMENT_ISSUER = 'development';

/** A person or a machine, as its issuer describes it. */
export interface AccountOwner {
  issuer: string;
  /** The issuer's own name for the person: no other person of the issuer has the same. */
  subject: string;
  name: string;
}

/** The SQL of an account as the desk names its person; its row has the alias given. */
export const personInJson = (alias: string): string => `json_build_object('id', ${alias}.id, 'name', ${alias}.name)`;

/** The same for a row that a left join may not have found: null then. */
export const personIfInJson = (alias: string): string =>
  `case when ${alias}.id is not null then ${personInJson(alias)} end`;

/** An account as far as it decides who may come in. */
export interface Admission {
  id: string;
  isDisabled: boolean;
  /** Null until somebody decides them. */
  roles: readonly Role[] | null;
}

const ADMISSION = 'id, disabled_at is not null as "isDisabled", roles';

/**
 * Makes the account of a person, under `newId`, or finds it, and keeps its name up to date. `firstRoles` are given where none
 * were decided.
 */
export async function resolveAccount(
  em: EntityManager,
  { issuer, subject, name }: AccountOwner,
  firstRoles: readonly Role[] | null = null,
  newId: string = uuid(),
): Promise<Admission> {
  const rows = await sqlIn(em)<Admission>(
    `insert into account (id, version, issuer, subject, name, created_at, roles) values (?, 1, ?, ?, ?, now(), ?::text[])
     on conflict (issuer, subject) do update set name = excluded.name, roles = coalesce(account.roles, excluded.roles)
     returning ${ADMISSION}`,
    [newId, issuer, subject, name, firstRoles && `{${firstRoles.join(',')}}`],
  );
  const [row] = rows;
  if (!row) throw new Error('an upsert answered no row');
  return row;
}

/** The account of a person, whose name is kept up to date; undefined where there is none. */
export async function recallAccount(
  em: EntityManager,
  { issuer, subject, name }: AccountOwner,
): Promise<Admission | undefined> {
  const [row] = await sqlIn(em)<Admission>(
    `update account set name = ? where issuer = ? and subject = ? returning ${ADMISSION}`,
    [name, issuer, subject],
  );
  return row;
}

/** Some accounts as they stand now. */
export const admissionsOf = (sql: Sql, ids: readonly string[]): Promise<Admission[]> =>
  sql<Admission>(`select ${ADMISSION} from account where id = any($1)`, [ids]);
