import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/connection.ts';
import { testDatabase } from '../../support/database/database.ts';
import { FaultProxy } from '../../support/database/fault-proxy.ts';

const { url } = await testDatabase();
const proxy = await FaultProxy.to(url);
const database = await openDatabase({ url: proxy.databaseUrl, entities: [], poolSize: 4, statementSeconds: 8 });
afterAll(async () => {
  await database.close();
  await proxy.close();
});

const one = () => database.pool.query('select 1 as one').then(({ rows }) => rows[0].one);
/** Connections lent out, with nothing under way on them. */
const lend = (count: number) => Promise.all(Array.from({ length: count }, () => database.pool.connect()));
/** How long a promise takes to settle, in milliseconds, and its error. */
async function settling(promise: Promise<unknown>) {
  const begun = performance.now();
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { milliseconds: performance.now() - begun, error };
}

it('a statement on a connection that died without a word fails within seconds, and the others that lie idle go with it', async () => {
  const clients = await lend(4);
  const [victim, ...idle] = clients;
  for (const client of idle) client.release();
  await victim?.query('select 1');
  proxy.swallow();
  const { milliseconds, error } = await settling(Promise.resolve(victim?.query('select 2')));
  expect(error).toBeInstanceOf(Error);
  expect(milliseconds).toBeLessThan(8_000);
  await expect.poll(() => database.pool.totalCount).toBe(0);
  expect(await one()).toBe(1);
  expect(database.cuts).toBe(1);
});

it('an answer that was lost on its way is noticed in the same way: PostgreSQL has long finished', async () => {
  const [victim] = await lend(1);
  const waiting = settling(Promise.resolve(victim?.query('select pg_sleep(0.3)')));
  proxy.swallow();
  const { milliseconds, error } = await waiting;
  expect(error).toBeInstanceOf(Error);
  expect(milliseconds).toBeLessThan(8_000);
  expect(await one()).toBe(1);
});

it('a statement that PostgreSQL is at work on may take its time', async () => {
  const before = database.cuts;
  await database.pool.query('select pg_sleep(5)');
  expect(database.cuts).toBe(before);
});

it('where nobody can be asked, a statement fails five seconds after its own time', async () => {
  const [victim] = await lend(1);
  await victim?.query('select 1');
  proxy.fallSilent();
  const { milliseconds, error } = await settling(Promise.resolve(victim?.query('select 2')));
  expect(error).toBeInstanceOf(Error);
  expect(milliseconds).toBeGreaterThan(11_000);
  expect(milliseconds).toBeLessThan(25_000);
  proxy.hear();
  await expect.poll(one).toBe(1);
  expect(database.pool.totalCount).toBeLessThanOrEqual(4);
});
