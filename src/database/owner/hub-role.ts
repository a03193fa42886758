import type pg from 'pg';
import { MIGRATIONS_TABLE } from '../settings.ts';
import type { Sql } from '../sql.ts';

type Privilege = 'select' | 'insert' | 'update' | 'delete';

const READ: readonly Privilege[] = ['select'];
/** Rows that never change: triggers refuse it to everybody, and the hub lacks the privilege as well. */
const APPEND: readonly Privilege[] = ['select', 'insert'];
const ONE_ROW: readonly Privilege[] = ['select', 'update'];
const WRITE: readonly Privilege[] = ['select', 'insert', 'update'];
/** Rows that come and go, and never change. */
const COME_AND_GO: readonly Privilege[] = ['select', 'insert', 'delete'];
const ALL: readonly Privilege[] = ['select', 'insert', 'update', 'delete'];

/**
 * Each table, and what a hub does with its rows. Nobody but the owner truncates, alters or drops a table, or takes its
 * triggers away.
 */
export const HUB_PRIVILEGES: Readonly<Record<string, readonly Privilege[]>> = {
  account: WRITE,
  address_load: READ,
  address_number: READ,
  address_street: READ,
  address_word: READ,
  announced_message: ALL,
  api_key: WRITE,
  approval: WRITE,
  audit_entry: APPEND,
  audit_head: READ,
  audit_signature: APPEND,
  call: ALL,
  call_step: ALL,
  cap_message: APPEND,
  cap_seal: APPEND,
  conclusion: WRITE,
  contact_message: ALL,
  contact_point: ALL,
  decision_confirmation: APPEND,
  desk_export: APPEND,
  desk_session: ALL,
  dossier: WRITE,
  dossier_comment: WRITE,
  dossier_report: ALL,
  duty_shift: ALL,
  evidence: APPEND,
  feed_origin: WRITE,
  first_reading: WRITE,
  flash: WRITE,
  flash_head: READ,
  in_force: READ,
  incident: WRITE,
  incident_archive: APPEND,
  incident_level_change: APPEND,
  incident_participant: ALL,
  incident_period: WRITE,
  institution: WRITE,
  institution_notice: WRITE,
  invitation: WRITE,
  journal_entry: APPEND,
  journal_head: ONE_ROW,
  kept_answer: ALL,
  letter: ALL,
  letter_progress: ONE_ROW,
  log_erasure: WRITE,
  log_head: READ,
  log_line: APPEND,
  log_words: WRITE,
  mailbox: WRITE,
  [MIGRATIONS_TABLE]: READ,
  organisation: WRITE,
  picture: WRITE,
  picture_bytes: COME_AND_GO,
  publication: WRITE,
  push_job: ALL,
  push_progress: ONE_ROW,
  push_service: ALL,
  push_subscription: ALL,
  push_told: ALL,
  question_group: WRITE,
  report: WRITE,
  report_personal: ALL,
  revision: WRITE,
  revision_editor: APPEND,
  role_request: WRITE,
  sealed_key: WRITE,
  signature_rule: WRITE,
  situation_report: ALL,
  social_post: APPEND,
  timekeeping_lease: ONE_ROW,
  watcher: ALL,
  webhook: ALL,
  webhook_delivery: ALL,
  webhook_key: ALL,
};

/** The name and password by which hubs enter PostgreSQL. */
export interface HubRole {
  name: string;
  /** Given to a role that is new; one that is there keeps its own. */
  password: string;
}

/**
 * Makes the role where it is not there, and leaves it exactly the privileges of a hub in this database. The session is the
 * owner's, of a migrated database. Answers whether the role is new. Throws what PostgreSQL said, with nothing changed.
 */
export async function makeHubRole(session: pg.Client, { name, password }: HubRole): Promise<boolean> {
  const role = session.escapeIdentifier(name);
  await session.query('begin');
  try {
    const { rows: found } = await session.query('select from pg_roles where rolname = $1', [name]);
    if (found.length === 0)
      await session.query(`create role ${role} login password ${session.escapeLiteral(password)}`);
    for (const statement of grants(session, role)) await session.query(statement);
    await session.query('commit');
    return found.length === 0;
  } catch (error) {
    await session.query('rollback').catch(() => undefined);
    throw error;
  }
}

function grants(session: pg.Client, role: string): string[] {
  const database = session.escapeIdentifier(session.database ?? '');
  return [
    `grant connect on database ${database} to ${role}`,
    `grant usage on schema public to ${role}`,
    `revoke create on schema public from public, ${role}`,
    `revoke all on all tables in schema public from ${role}`,
    `revoke all on all sequences in schema public from ${role}`,
    ...Object.entries(HUB_PRIVILEGES).map(
      ([table, privileges]) => `grant ${privileges.join(', ')} on ${session.escapeIdentifier(table)} to ${role}`,
    ),
  ];
}

/** A role that a hub in production refuses to work as; its message is meant for the operator. */
export class RoleFault extends Error {
  override readonly name = 'RoleFault';
}

/** Throws a RoleFault where the role of this connection may do more than a hub does, or less. */
export async function demandHubRole(sql: Sql): Promise<void> {
  const fault = await hubRoleFault(sql);
  if (fault) throw new RoleFault(`DATABASE_URL: expected the role that npm run database:roles makes, but ${fault}`);
}

/**
 * Why a hub should not work as the role of this connection, in words: it may do more than a hub does, or less. Undefined
 * for a role that `makeHubRole` made for this version.
 */
async function hubRoleFault(sql: Sql): Promise<string | undefined> {
  const [rights] = await sql<{ role: string; isSuper: boolean; owned: string | null; creates: boolean }>(
    `select current_user as role, rolsuper or rolcreaterole or rolreplication or rolbypassrls as "isSuper",
       has_schema_privilege('public', 'create') as creates,
       (select min(relname) from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and pg_has_role(relowner, 'usage')) as owned
     from pg_roles where rolname = current_user`,
  );
  if (!rights) return 'PostgreSQL does not know the role of its own session';
  const { role, isSuper, owned, creates } = rights;
  if (isSuper) return `${role} is a superuser, or may make roles, replicate or pass over row security`;
  if (owned) return `${role} owns the table ${owned}: it could take away the triggers that hold the rules`;
  if (creates) return `${role} may create tables and functions in the schema public`;
  const lacking = await sql<{ table: string; privilege: string }>(
    `select w.table, w.privilege from jsonb_to_recordset($1) as w("table" text, privilege text)
     where not has_table_privilege(w.table, w.privilege) limit 1`,
    [JSON.stringify(wanted())],
  );
  return lacking[0] && `${role} may not ${lacking[0].privilege} in ${lacking[0].table}`;
}

const wanted = () =>
  Object.entries(HUB_PRIVILEGES).flatMap(([table, privileges]) =>
    privileges.map((privilege) => ({ table, privilege })),
  );
