import { afterAll, expect, it, onTestFinished } from 'vitest';
import { Buckets } from '../../../src/allowance/buckets.ts';
import { Payer } from '../../../src/allowance/payer.ts';
import type { Frames } from '../../../src/live/following/frames.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import { followersOf, Network } from '../../support/following/followers.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';
import { headOf } from '../../support/hub/journal-pump.ts';
import { confirmOften } from '../../support/hub/many-entries.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { tell } from '../../support/tell.ts';

const FOLLOWERS = 300;
const ENTRIES = 600;
/** What comes meanwhile, twice: few, since those who are told it live are told it in one go. */
const MORE = 5;
/** What one write takes, as the network does: all of them together take seconds. */
const WRITE_MS = 0.1;
/** The largest part of all writes that may be done at one go, counted and not timed, since tests share a machine. */
const LARGEST_PART = 0.1;

const { url } = await testDatabase();
// The second hub keeps so little in memory that it asks the table.
const hub = await startHub({ url });
const small = await startHub({ url, recent: { entries: 10, bytes: 16e6 } });
afterAll(() => Promise.all([hub.close(), small.close()]));
const text = {
  language: 'fr-FR',
  headline: 'L’Yvette déborde',
  description: 'inondé '.repeat(250),
  instruction: 'Montez.',
};
const { id } = await publishNew(hub, 'Alert', alertInput({ texts: [text] }));
await confirmOften(url, id, ENTRIES);

/** Takes everything, and as long as a network does. */
class SlowNetwork extends Network {
  static writes = 0;
  override send(frames: Frames): void {
    SlowNetwork.writes += 1;
    const until = performance.now() + WRITE_MS;
    while (performance.now() < until);
    super.send(frames);
  }
}
const QUERY = `subscription ($after: Cursor) { changes(after: $after) { cursor type
  publication { id text { headline description } } } }`;

it.each([
  ['memory', hub],
  ['the table', small],
])('tells what %s holds to hundreds at a time, in order and once, while everything else goes on', async (_from, of) => {
  const { failures, close, open } = followersOf(of);
  const { tail } = of.app.reads.journal;
  const start = await headOf(url);
  await expect.poll(() => tail.head.position).toBe(start);
  const joins = await Promise.all(Array.from({ length: FOLLOWERS }, () => open(QUERY, {}, 0)));
  const networks = joins.map((join) => {
    const network = new SlowNetwork();
    join(network);
    return network;
  });
  // More comes while they catch up: some of them join while others are far behind.
  const more = confirmOften(url, id, MORE).then(() => confirmOften(url, id, MORE));
  SlowNetwork.writes = 0;
  let most = 0;
  const isDone = () => networks.every(({ changes }) => changes.at(-1) === start + 2 * MORE);
  const began = performance.now();
  while (!isDone() && performance.now() - began < PATIENCE_MS) {
    const before = SlowNetwork.writes;
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, SlowNetwork.writes - before);
  }
  await more;
  close();
  const numbers = Array.from({ length: start + 2 * MORE }, (_, index) => index + 1);
  for (const { changes } of networks) expect(changes).toEqual(numbers);
  expect(failures).toEqual([]);
  tell(`${FOLLOWERS} told with ${SlowNetwork.writes} writes, ${most} at one go at most`);
  expect(most).toBeLessThan(SlowNetwork.writes * LARGEST_PART);
});

/** A hub that has read nothing of the table yet. */
async function freshHub(): Promise<Hub> {
  const fresh = await startHub({ url, recent: { entries: 10, bytes: 16e6 } });
  onTestFinished(() => fresh.close());
  return fresh;
}

it('has the first who asks pay for a page that is read of the table, and nobody for one that is in memory', async () => {
  const fewFields = 'subscription ($after: Cursor) { changes(after: $after) { cursor } }';
  const spentFor = async (of: Hub) => {
    const { close, open } = followersOf(of);
    const head = await headOf(url);
    await expect.poll(() => of.app.reads.journal.tail.head.position).toBe(head);
    // Nothing is filled in meanwhile.
    const buckets = new Buckets(1e6, 1e6, () => 0);
    const networkOf = (key: string) =>
      new Network(
        new Payer([{ bound: 'addressPoints', buckets, key }], () => {
          throw new Error('nobody asks to be admitted here');
        }),
      );
    const first = networkOf('first');
    (await open(fewFields, {}, 0))(first);
    await expect.poll(() => first.changes.length).toBe(head);
    const second = networkOf('second');
    (await open(fewFields, {}, 0))(second);
    await expect.poll(() => second.changes.length).toBe(head);
    close();
    return [buckets.taken('first'), buckets.taken('second')];
  };
  const pages = Math.floor(ENTRIES / 100);
  const [ofTable, again] = await spentFor(await freshHub());
  const [ofMemory] = await spentFor(hub);
  expect((ofTable ?? 0) - (ofMemory ?? 0)).toBeGreaterThan(pages * 500 - 500);
  expect(again).toBe(0);
});
