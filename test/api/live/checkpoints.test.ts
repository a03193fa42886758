import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { followersOf, Network } from '../../support/following/followers.ts';
import { startHub } from '../../support/hub/hub.ts';
import { headOf } from '../../support/hub/journal-pump.ts';
import { confirmOften } from '../../support/hub/many-entries.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());
const { id } = await publishNew(hub);

const QUERY = `subscription ($after: Cursor) { changes(where: { kinds: [ADVICE] }, after: $after) { cursor type } }`;
const INTERVAL_MS = 30_000;

/** Only what comes at intervals waits for the test. */
vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
afterAll(() => vi.useRealTimers());

it('gives a follower without changes a checkpoint every 30 seconds, also while others join (D-8), and leaves no timer', async () => {
  const { failures, close, open } = followersOf(hub);
  const { tail } = hub.app.reads.journal;
  const goOn = async () => {
    await confirmOften(url, id, 3);
    const head = await headOf(url);
    await expect.poll(() => tail.head.position).toBe(head);
    return head;
  };
  const join = async () => {
    const network = new Network();
    (await open(QUERY, {}))(network);
    await expect.poll(() => network.checkpoints).toEqual([tail.head.position]);
    return network;
  };
  const interval = async () => {
    vi.advanceTimersByTime(INTERVAL_MS);
    // Checkpoints come in turns, from the next turn of the event loop on.
    await nextTurn();
    await nextTurn();
  };

  const first = await join();
  const start = tail.head.position;
  await interval();
  expect(first.checkpoints).toEqual([start]);
  const second = await goOn();
  const other = await join();
  await interval();
  expect(first.checkpoints).toEqual([start, second]);
  const third = await goOn();
  await interval();
  await interval();
  expect(first.checkpoints).toEqual([start, second, third]);
  expect(other.checkpoints.at(-1)).toBe(third);
  expect([...first.changes, ...other.changes, ...failures]).toEqual([]);
  close();
  expect(vi.getTimerCount()).toBe(0);
});
