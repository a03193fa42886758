import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, it } from 'vitest';
import { until } from '../../src/development/embedded/processes.ts';
import { withSession } from '../support/database/cluster.ts';
import { testDatabase } from '../support/database/database.ts';
import { PATIENCE_MS } from '../support/patience.ts';

const { url } = await testDatabase();
const THREAD: string = randomUUID();
const NOON = '2016-06-02 12:00:00.900+02';

/** What is drawn after messages of these seconds past noon, of this thread and of others. */
const drawn = (session: pg.Client, thread = THREAD) =>
  session
    .query<{ earlier: number; sent: Date }>('select earlier, sent from draw_cap_message($1, $2)', [thread, NOON])
    .then(({ rows: [row] }) => [row?.earlier, row?.sent.getSeconds()]);

async function take(session: pg.Client, thread: string, seconds: readonly number[]): Promise<void> {
  for (const second of seconds)
    await session.query(
      `insert into cap_message (identifier, thread, revision, sent)
       values (gen_random_uuid(), $1, 1, timestamptz '2016-06-02 12:00:00+02' + $2 * interval '1 second')`,
      [thread, second],
    );
}

/** Messages are drawn together with their seals at commit: what is rolled back needs none. */
const rolledBack = <T>(work: (session: pg.Client) => Promise<T>): Promise<T> =>
  withSession(url, async (session) => {
    await session.query('begin');
    try {
      return await work(session);
    } finally {
      await session.query('rollback');
    }
  });

it.each([
  ['this second where the thread has none', [], [], [0, 0]],
  ['this second though other threads have it', [], [0], [0, 0]],
  ['this second though others were sent ahead of the clock', [], [0, 1, 2, 300], [0, 0]],
  ['this second after the thread’s earlier ones', [-7200, -1], [], [2, 0]],
  ['the next second where the thread has this one', [0], [], [1, 1]],
  ['the next second though others have it', [0], [1, 2], [1, 1]],
  ['one after the thread’s own, however far ahead that is', [7], [], [1, 8]],
  ['one after the thread’s last, not in a gap', [3, 7], [0, 8, 9], [2, 8]],
])('a CAP message is sent in %s (I-06)', async (_rule, own, others, expected) => {
  const found = await rolledBack(async (session) => {
    await take(session, THREAD, own);
    await take(session, randomUUID(), others);
    return drawn(session);
  });
  expect(found).toEqual(expected);
});

it('no thread has two messages of one second (I-06)', async () => {
  const twice = rolledBack((session) => take(session, THREAD, [5, 5]));
  await expect(twice).rejects.toMatchObject({ code: '23505' });
});

/** Draws for a thread in a transaction that stays open while others draw. */
const whileDrawn = <T>(thread: string, work: (first: pg.Client, session: pg.Client) => Promise<T>): Promise<T> =>
  withSession(url, (first) =>
    withSession(url, async (session) => {
      await first.query('begin');
      await drawn(first, thread);
      return work(first, session);
    }),
  );

it('a second one of a thread draws once the first has committed, and then finds its second taken', async () => {
  const thread = randomUUID();
  const second = await whileDrawn(thread, async (first, session) => {
    const waiting = drawn(session, thread);
    const isWaiting = async () =>
      (await first.query(`select 1 from pg_locks where locktype = 'advisory' and not granted`)).rowCount === 1;
    await until(isWaiting, PATIENCE_MS);
    const seal = 'insert into cap_seal (identifier, thread, revision, sha256, bytes, sealed_at)';
    await first.query(`insert into cap_message (identifier, thread, revision, sent) values ('A', $1, 1, $2)`, [
      thread,
      '2016-06-02 12:00:00+02',
    ]);
    await first.query(`${seal} values ('A', $1, 1, encode(sha256('x'), 'hex'), 'x', now())`, [thread]);
    await first.query('commit');
    return waiting;
  });
  expect(second).toEqual([1, 1]);
});

it('one thread waits for no other to draw', async () => {
  const others = await whileDrawn(randomUUID(), async (_first, session) => {
    await session.query(`set lock_timeout = '2s'`);
    const found = [];
    for (let thread = 0; thread < 20; thread++) found.push(await drawn(session, randomUUID()));
    return found;
  });
  expect(others).toEqual(Array(20).fill([0, 0]));
});
