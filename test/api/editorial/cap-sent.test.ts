import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew, release, revise, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** When CAP messages are sent (I-06): by a clock that runs, as in production. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const sentOf = async (threads: readonly string[]): Promise<number[]> => {
  const { rows } = await owner.query<{ sent: Date }>(
    'select sent from cap_message where thread = any($1) order by sent',
    [threads],
  );
  return rows.map(({ sent }) => sent.getTime());
};

const newest = async (thread: string): Promise<number> => Math.max(...(await sentOf([thread])));

it('each message of a thread is sent after the one before, and none ahead of the clock (I-06)', async () => {
  let thread: Written = await publishNew(hub);
  for (const contact of ['a', 'b', 'c']) {
    thread = await release(hub, await revise(hub, 'Alert', thread, alertInput({ contact })));
    expect(await newest(thread.id)).toBeLessThanOrEqual(Date.now());
  }
  const sent = await sentOf([thread.id]);
  expect(new Set(sent).size).toBe(4);
});

it('a burst of alerts is sent in the seconds in which it is published, and none ahead of the clock (I-06)', async () => {
  const begin = Date.now() - 1000;
  const threads = await Promise.all(Array.from({ length: 12 }, () => publishNew(hub)));
  const end = Date.now();
  const sent = await sentOf(threads.map(({ id }) => id));
  expect(sent).toHaveLength(12);
  expect(sent.filter((at) => at < begin || at > end)).toEqual([]);
});
