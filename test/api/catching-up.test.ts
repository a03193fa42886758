import { createSourceEventStream } from 'graphql';
import { afterAll, expect, it } from 'vitest';
import { createContext } from '../../src/api/context.ts';
import { createSchema } from '../../src/api/schema.ts';
import { systemClock } from '../../src/clock.ts';
import type { Newsroom } from '../../src/editorial/newsroom.ts';
import { encodeCursor } from '../../src/journal/cursor.rules.ts';
import { ChangeStream } from '../../src/live/change-stream.ts';
import { documentReader } from '../../src/live/document.ts';
import type { Outlet } from '../../src/live/follower.ts';
import { Followers } from '../../src/live/followers.ts';
import type { Frames } from '../../src/live/frames.ts';
import { Renderer } from '../../src/live/rendering.ts';
import { resolversOf } from '../../src/resolvers.ts';
import { testDatabase } from '../support/database.ts';
import { alertInput, publishNew } from '../support/desk.ts';
import { startHub } from '../support/hub.ts';
import { headOf } from '../support/journal-pump.ts';
import { confirmOften } from '../support/many-entries.ts';
import { tell } from '../support/tell.ts';

const FOLLOWERS = 300;
const ENTRIES = 600;
/** What comes meanwhile, twice: few, since those who are told it live are told it in one go. */
const MORE = 5;
/** What one write takes, as the network does: all of them together take seconds. */
const WRITE_MS = 0.1;
/** The longest that nothing else may be done, far more than a slice, since tests share a machine. */
const LONGEST_MS = 200;

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
class Network implements Outlet {
  readonly positions: number[] = [];
  readonly isFull = false;
  send({ changes }: Frames): void {
    const until = performance.now() + WRITE_MS;
    while (performance.now() < until);
    for (const { position, json } of changes) if (!json.includes('CHECKPOINT')) this.positions.push(position);
  }
  whenDrained(resume: () => void): void {
    resume();
  }
  drop(): void {
    throw new Error('dropped');
  }
  fail(error: Error): void {
    throw error;
  }
}

it.each([
  ['memory', hub],
  ['the table', small],
])('tells what %s holds to hundreds at a time, in order and once, while everything else goes on', async (_from, of) => {
  const { reads } = of.app;
  const { tail } = reads.journal;
  const schema = createSchema(resolversOf(reads, {} as Newsroom));
  const context = () => createContext(null, { reads, openDeskChanges: () => Promise.reject(new Error('nobody')) });
  const cursorOf = (position: number) => encodeCursor({ epoch: tail.head.epoch, position });
  const renderer = new Renderer({
    board: reads.board,
    clock: systemClock,
    cursorOf,
    format: (error) => error,
    context,
  });
  const failures: unknown[] = [];
  const followers = new Followers(reads.journal, renderer, (error) => failures.push(error));
  const query =
    'subscription ($after: Cursor) { changes(after: $after) { cursor type publication { id text { headline description } } } }';
  const read = documentReader({ schema, rules: [], maxTokens: 10_000 })(query);
  if (!('document' in read)) throw new Error('unread');
  const start = await headOf(url);
  await expect.poll(() => tail.head.position).toBe(start);
  const args = { schema, document: read.document, variableValues: { after: cursorOf(0) } };
  const streams = await Promise.all(
    Array.from({ length: FOLLOWERS }, () => createSourceEventStream({ ...args, contextValue: context() })),
  );

  const networks = streams.map((stream) => {
    if (!(stream instanceof ChangeStream)) throw new Error(JSON.stringify(stream));
    const network = new Network();
    followers.join(stream, { read, args }, network);
    return network;
  });
  // More comes while they catch up: some of them join while others are far behind.
  const more = confirmOften(url, id, MORE).then(() => confirmOften(url, id, MORE));
  let longest = 0;
  const isDone = () => networks.every(({ positions }) => positions.at(-1) === start + 2 * MORE);
  const began = performance.now();
  while (!isDone() && performance.now() - began < 30_000) {
    const before = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    longest = Math.max(longest, performance.now() - before);
  }
  await more;
  followers.close();
  const numbers = Array.from({ length: start + 2 * MORE }, (_, index) => index + 1);
  for (const { positions } of networks) expect(positions).toEqual(numbers);
  expect(failures).toEqual([]);
  tell(
    `${FOLLOWERS} told within ${Math.round(performance.now() - began)} ms, nothing else for ${Math.round(longest)} ms at most`,
  );
  expect(longest).toBeLessThan(LONGEST_MS);
});
