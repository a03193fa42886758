import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/connection.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';

const Boat = defineEntity({ name: 'Boat', properties: { id: p.integer().primary(), name: p.string() } });

const { url } = await testDatabase();
await withSession(url, (session) => session.query('create table boat (id int primary key, name text not null)'));
const database = await openDatabase({ url, entities: [Boat], poolSize: 2 });
afterAll(() => database.close());

const backend = async (em: typeof database.orm.em): Promise<number> =>
  (await em.execute<{ pid: number }[]>('select pg_backend_pid() as pid'))[0]?.pid ?? 0;
const terminate = (pid: number) =>
  withSession(url, (session) => session.query('select pg_terminate_backend($1, 5000)', [pid]));

it('a connection cut inside a transaction is replaced, every time, and the caller gets an error', async () => {
  for (let round = 0; round < 20; round++) {
    const lost = database.orm.em.fork().transactional(async (em) => {
      await terminate(await backend(em));
      await em.insert(Boat, { id: round, name: 'lost' });
    });
    await expect(lost).rejects.toThrow();
  }
  await Promise.all([1, 2].map((id) => database.orm.em.fork().insert(Boat, { id, name: 'safe' })));
  expect(await database.orm.em.fork().count(Boat)).toBe(2);
  expect(database.pool.totalCount).toBeLessThanOrEqual(2);
  expect(database.pool.waitingCount).toBe(0);
});

it('a connection cut while a statement runs is replaced too', async () => {
  for (let round = 0; round < 5; round++) {
    const em = database.orm.em.fork();
    const pid = await backend(em);
    const slow = em.execute('select pg_sleep(30)');
    await Promise.all([expect(slow).rejects.toThrow(), terminate(pid)]);
  }
  expect(await database.orm.em.fork().count(Boat)).toBe(2);
});

it('a borrower that learns late that its connection was cut does no harm', async () => {
  const em = database.orm.em.fork();
  await em.begin();
  await terminate(await backend(em));
  await expect.poll(() => database.pool.totalCount - database.pool.idleCount).toBe(0);
  await expect(em.commit()).rejects.toThrow();
  await em.rollback().catch(() => undefined);
  expect(await database.orm.em.fork().count(Boat)).toBe(2);
});

it('closing cuts what is still in use after its grace, and a query that comes later opens nothing', async () => {
  const other = await openDatabase({ url, entities: [Boat], poolSize: 2 });
  const em = other.orm.em.fork();
  await em.begin();
  const slow = expect(em.execute('select pg_sleep(2)')).rejects.toThrow();
  await other.close(0.05);
  await slow;
  await expect(other.orm.em.fork().count(Boat)).rejects.toThrow(/closed/);
});
