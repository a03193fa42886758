import { Migration } from '@mikro-orm/migrations';
import { expect, it } from 'vitest';
import { migrate } from '../../../src/database/owner/migrate.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';

class First extends Migration {
  override up(): void {
    this.addSql('create table harbour (name text primary key)');
    this.addSql('select pg_sleep(0.2)');
  }
}

class Faulty extends Migration {
  override up(): void {
    this.addSql('create table quay (name text primary key)');
    this.addSql('insert into harbour values (null)');
  }
}

const { url } = await testDatabase();
const first = { name: 'test-1-harbour', class: First };
const count = (sql: string) => withSession(url, async (session) => Number((await session.query(sql)).rows[0].count));

it('two hubs that migrate at once apply each migration once', async () => {
  const runs = await Promise.all([1, 2, 3].map(() => migrate({ url, migrations: [first] })));
  expect(runs.flat()).toEqual(['test-1-harbour']);
  expect(await count('select count(*) from harbour')).toBe(0);
});

it('a migration that fails changes nothing and says what PostgreSQL said', async () => {
  const migrations = [first, { name: 'test-2-quay', class: Faulty }];
  await expect(migrate({ url, migrations })).rejects.toThrow(/null value in column "name"/);
  expect(await count("select count(*) from pg_tables where tablename = 'quay'")).toBe(0);
  expect(await count("select count(*) from mikro_orm_migrations where name = 'test-2-quay'")).toBe(0);
});

it('a hub that finds every migration done does not wait for another that migrates', async () => {
  await withSession(url, async (session) => {
    await session.query('select pg_advisory_lock($1)', [7_463_846_902]);
    expect(await migrate({ url, migrations: [first] })).toEqual([]);
  });
});
