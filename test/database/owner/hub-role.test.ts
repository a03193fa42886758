import { expect, it } from 'vitest';
import { demandHubRole, HUB_PRIVILEGES, makeHubRole } from '../../../src/database/owner/hub-role.ts';
import { migrate } from '../../../src/database/owner/migrate.ts';
import { sqlOver } from '../../../src/database/sql.ts';
import { asHubRole, withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';

const { url } = await testDatabase();
const hubUrl = asHubRole(url);
const hubName = new URL(hubUrl).username;
const role = { name: hubName, password: 'unused' };

const asOwner = (statement: string) => withSession(url, (session) => session.query(statement));
const asHub = (statement: string) => withSession(hubUrl, (session) => session.query(statement));
const demand = (address: string) => withSession(address, (session) => demandHubRole(sqlOver(session)));

it('names every table of the database, and gives a hub nothing but what it names', async () => {
  const { rows } = await asOwner(
    `select t.tablename as table, coalesce(array_agg(lower(g.privilege_type) order by g.privilege_type) filter (where g.grantee = '${hubName}'), '{}') as privileges
     from pg_tables t left join information_schema.role_table_grants g on g.table_schema = 'public' and g.table_name = t.tablename
     where t.schemaname = 'public' group by 1`,
  );
  const found = Object.fromEntries(rows.map(({ table, privileges }) => [table, privileges]));
  const wanted = Object.entries(HUB_PRIVILEGES).map(([table, privileges]) => [table, [...privileges].sort()]);
  expect(found).toEqual(Object.fromEntries(wanted));
});

it.each([
  'alter table audit_entry disable trigger audit_entry_frozen',
  'set session_replication_role = replica',
  'truncate audit_entry',
  'drop table approval',
  'create table mine (id int)',
  'create function mine() returns int language sql return 1',
  'drop function refuse_change() cascade',
  'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
  'delete from audit_entry',
  'delete from revision',
  'delete from publication',
  'update journal_entry set at = now()',
  'update cap_message set sent = now()',
  'insert into mikro_orm_migrations (name) values ($$m9999$$)',
])('PostgreSQL refuses a hub `%s`', async (statement) => {
  await expect(asHub(statement)).rejects.toThrow(/permission denied|must be owner|may not/);
});

it('a hub in production takes the role of a hub, and neither the owner nor one that lacks a privilege', async () => {
  await demand(hubUrl);
  await expect(demand(url)).rejects.toThrow(/DATABASE_URL: expected the role .* is a superuser/);
  await asOwner(`revoke delete on webhook from ${hubName}`);
  await expect(demand(hubUrl)).rejects.toThrow('may not delete in webhook');
  expect(await withSession(url, (session) => makeHubRole(session, role))).toBe(false);
  await demand(hubUrl);
});

it('a hub in production refuses a role that owns a table or may create some', async () => {
  await asOwner(`grant create on schema public to ${hubName}`);
  await expect(demand(hubUrl)).rejects.toThrow('may create tables');
  await asHub('create table mine (id int)');
  await expect(demand(hubUrl)).rejects.toThrow('owns the table mine');
  await asOwner('drop table mine');
  await withSession(url, (session) => makeHubRole(session, role));
  await demand(hubUrl);
});

it('names the command that the owner runs where the role of a hub finds migrations to make', async () => {
  const migrations = [{ name: 'test-9-later', class: class {} as never }];
  await expect(migrate({ url: hubUrl, migrations })).rejects.toThrow(/run npm run migrate as its owner/);
});
