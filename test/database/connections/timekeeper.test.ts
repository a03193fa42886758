import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/database/connection.ts';
import { fenceOf, LeaseLost } from '../../../src/timekeeping/lease.commands.ts';
import { Timekeeper, type TimekeeperOptions } from '../../../src/timekeeping/timekeeper.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { FaultProxy } from '../../support/database/fault-proxy.ts';

const { url } = await testDatabase();
await withSession(url, (session) => session.query('create table act (by text not null, at timestamptz default now())'));
const database = await openDatabase({ url, entities: [] });
afterAll(() => database.close());
const em = () => database.orm.em.fork();

beforeEach(() =>
  withSession(url, (session) =>
    session.query('update timekeeping_lease set holder = null, session = null, until = now(), kept_at = now()'),
  ),
);

/** A timekeeper that ends with the test; it counts its turns as leader, and those in which it looks for what is overdue. */
function keeper(options: Partial<TimekeeperOptions> = {}) {
  const counts = { ticks: 0, overdue: 0, fencing: 0, errors: [] as unknown[] };
  const timekeeper = new Timekeeper({
    url,
    tick: async ({ fencing }) => {
      counts.ticks += 1;
      counts.fencing = fencing;
    },
    overdue: async () => {
      counts.overdue += 1;
    },
    onTime: () => undefined,
    isFit: () => true,
    onError: (error) => counts.errors.push(error),
    ...options,
  });
  onTestFinished(() => timekeeper.close());
  timekeeper.start();
  return Object.assign(counts, { timekeeper });
}

const leading = (one: { timekeeper: Timekeeper }) => expect.poll(() => one.timekeeper.leads, { interval: 50 });
const act = (fencing: number, by: string, before = async () => {}) =>
  em().transactional((inside) =>
    fenceOf(fencing)(inside as ReturnType<typeof em>, async () => {
      await inside.execute('insert into act (by) values (?)', [by]);
      await before();
    }),
  );

it('of two processes one leads, the other looks for what is overdue; both know how long ago time was kept', async () => {
  const one = keeper();
  await leading(one).toBe(true);
  const other = keeper();
  await expect.poll(() => other.overdue).toBeGreaterThan(2);
  await expect.poll(() => one.ticks).toBeGreaterThan(2);
  expect([other.ticks, one.overdue, other.timekeeper.leads]).toEqual([0, 0, false]);
  for (const { timekeeper } of [one, other]) {
    expect(timekeeper.ageSeconds).toBeLessThan(8);
    expect(timekeeper.fault).toBeUndefined();
  }
});

it('a process that ends gives its lease to another one at once, under a higher number', async () => {
  const one = keeper();
  await leading(one).toBe(true);
  await expect.poll(() => one.fencing).toBeGreaterThan(0);
  const other = keeper();
  await one.timekeeper.close();
  const begun = performance.now();
  await leading(other).toBe(true);
  expect(performance.now() - begun).toBeLessThan(6_000);
  await expect.poll(() => other.fencing).toBe(one.fencing + 1);
});

it('I-23 a process that is cut off is replaced within fifteen seconds, leads no more by its own clock, and none of its acts counts', async () => {
  const proxy = await FaultProxy.to(url);
  onTestFinished(() => proxy.close());
  const one = keeper({ url: proxy.databaseUrl });
  await leading(one).toBe(true);
  await expect.poll(() => one.fencing).toBeGreaterThan(0);
  const other = keeper();
  proxy.fallSilent();
  const begun = performance.now();
  await leading(other).toBe(true);
  expect(performance.now() - begun).toBeLessThan(15_000);
  await leading(one).toBe(false);
  await expect(act(one.fencing, 'the one of before')).rejects.toBeInstanceOf(LeaseLost);
  await expect.poll(() => other.fencing).toBe(one.fencing + 1);
  await act(other.fencing, 'the one that leads');
  const { rows } = await database.pool.query('select by from act');
  expect(rows).toEqual([{ by: 'the one that leads' }]);
  proxy.hear();
  await expect.poll(() => one.overdue).toBeGreaterThan(0);
  expect([one.timekeeper.leads, other.timekeeper.leads]).toEqual([false, true]);
});

it('an act that has shown its number is committed before another process takes over', async () => {
  const one = keeper();
  await leading(one).toBe(true);
  await expect.poll(() => one.fencing).toBeGreaterThan(0);
  const session = database.pool.connect();
  const taking = await session;
  try {
    const standing = em();
    await standing.begin();
    await fenceOf(one.fencing)(standing, async () => undefined);
    const takenOver = taking.query(
      'update timekeeping_lease set fencing = fencing + 1, holder = null returning fencing',
    );
    await pause(500);
    // Renewing goes on meanwhile; only who takes over waits, at most until PostgreSQL ends a transaction that stands still.
    const waits = await database.pool.query(
      `select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    expect(waits.rows[0].waiting).toBe(1);
    await expect.poll(() => one.timekeeper.leads).toBe(true);
    await takenOver;
    await expect(standing.commit()).rejects.toThrow();
    await standing.rollback().catch(() => undefined);
  } finally {
    taking.release();
  }
});

it('a turn that gets nothing done loses the lease; one that gets on with much keeps it', async () => {
  const { promise: stuck, resolve: goOn } = Promise.withResolvers<void>();
  const one = keeper({ tick: () => stuck });
  await leading(one).toBe(true);
  const other = keeper();
  await leading(other).toBe(true);
  expect(one.timekeeper.leads).toBe(false);
  // From here on its turns end at once, for it may lead again before it is closed.
  goOn();
  await other.timekeeper.close();
  await one.timekeeper.close();
  const busy = keeper({
    tick: async ({ progress }) => {
      for (let step = 0; step < 26; step++) {
        await pause(500);
        progress();
      }
    },
  });
  await leading(busy).toBe(true);
  const waiting = keeper();
  await pause(12_000);
  expect([busy.timekeeper.leads, waiting.timekeeper.leads]).toEqual([true, false]);
}, 60_000);

it('where nobody is fit to keep time, that is said', async () => {
  const one = keeper({ isFit: () => false });
  await expect.poll(() => one.timekeeper.fault).toMatch(/^nobody has kept time for \d+ s$/);
  expect([one.ticks, one.timekeeper.leads]).toEqual([0, false]);
  expect(one.overdue).toBeGreaterThan(5);
});

it('a lease that ends later than any can, because the clock of PostgreSQL was set back, is free', async () => {
  await withSession(url, (session) =>
    session.query(`update timekeeping_lease set holder = gen_random_uuid(), until = now() + interval '10 minutes',
      session = (select pid from pg_stat_activity where backend_type = 'checkpointer')`),
  );
  await leading(keeper()).toBe(true);
});
