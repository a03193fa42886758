import fc from 'fast-check';
import { createSourceEventStream, type ExecutionResult, execute, parse, validate } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { matchedChange } from '../../../src/board/filter/change-filter.rules.ts';
import { SetClock } from '../../../src/clock.ts';
import { createContext } from '../../../src/graphql/context.ts';
import { Documents, ReadDocument, type ReadOperation } from '../../../src/graphql/documents.ts';
import { createSchema } from '../../../src/graphql/schema.ts';
import { encodeCursor } from '../../../src/journal/cursor.rules.ts';
import { changeOf, checkpointAt } from '../../../src/live/following/change.rules.ts';
import { ChangeStream } from '../../../src/live/following/change-stream.ts';
import type { Outlet } from '../../../src/live/following/follower.ts';
import { Followers } from '../../../src/live/following/followers.ts';
import type { Frames } from '../../../src/live/following/frames.ts';
import { Renderer } from '../../../src/live/following/renderer.ts';
import { KINDS, SEVERITIES } from '../../../src/publications/vocabulary.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';
import { budget } from '../../support/budget.ts';
import { testDatabase } from '../../support/database/database.ts';
import { selectionsOf } from '../../support/generated/selections.ts';
import { startHub, territory } from '../../support/hub/hub.ts';

/** How many (document, filter, change) triples are compared at least; thousands by FUZZ_RUNS. */
const { numRuns: RUNS, seed = 20_160_602 } = budget(1_500);

const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, demo: true, clock });
const { reads } = hub.app;
const schema = createSchema(resolversOf(reads, {} as HubOffice));
const context = () => createContext(null, { reads, openDeskChanges: () => Promise.reject(new Error('nobody')) });
const renderer = new Renderer({
  board: reads.board,
  clock,
  cursorOf: (position) => cursorOf(position),
  format: (error) => error,
  context,
});
const followers = new Followers(reads.journal, renderer, (error) => {
  throw error;
});
afterAll(async () => {
  followers.close();
  await hub.close();
});
const documents = new Documents(schema, { maxTokens: 10_000 });
function readOperation(query: string): ReadOperation {
  const read = documents.read(query);
  const operation = read instanceof ReadDocument ? read.operation(undefined) : undefined;
  if (!operation) throw new Error('unread');
  return operation;
}
const oldest = encodeCursor({ epoch: reads.journal.tail.head.epoch, position: 0 });
const head = reads.journal.tail.head.position;

const codes = territory.search('', 500).map(({ code }) => code);
const filters = fc.option(
  fc.record(
    {
      kinds: fc.option(fc.subarray([...KINDS])),
      communes: fc.option(fc.array(fc.constantFrom(...codes), { maxLength: 8 })),
      severityAtLeast: fc.option(fc.constantFrom(...SEVERITIES)),
      modes: fc.option(fc.subarray(['ACTUAL', 'EXERCISE', 'TEST'])),
    },
    { requiredKeys: [] },
  ),
);

/** Keeps what it is told, as a client reads it. */
class Listener implements Outlet {
  readonly told: { text: string; event: string }[] = [];
  readonly isFull = false;
  readonly payer = undefined;
  send(frames: Frames): void {
    const id = '0123';
    const messages = readFrames(Buffer.from(frames.messages(id)));
    const events = frames.events.toString().split('\n\n').slice(0, -1);
    messages.forEach((text, index) => {
      this.told.push({ text, event: events[index] ?? '' });
    });
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

/** The text frames of a WebSocket server, read by the book. */
function readFrames(bytes: Buffer): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    expect(bytes[at]).toBe(0x81);
    const short = bytes[at + 1] ?? 0;
    const [length, start] =
      short < 126
        ? [short, at + 2]
        : short === 126
          ? [bytes.readUInt16BE(at + 2), at + 4]
          : [Number(bytes.readBigUInt64BE(at + 2)), at + 10];
    texts.push(bytes.subarray(start, start + length).toString());
    at = start + length;
  }
  return texts;
}

type Args = Parameters<typeof execute>[0];

const cursorOf = (position: number) => encodeCursor({ epoch: reads.journal.tail.head.epoch, position });

/** The answers of graphql-js alone to the same stream: one execution for each change, up to the head. */
async function plain(args: Args, stream: ChangeStream): Promise<{ cursor: string; result: ExecutionResult }[]> {
  const entries = reads.journal.tail.inMemory(stream.from, head) ?? [];
  const changes = entries
    .flatMap((entry) => matchedChange(stream.match, entry) ?? [])
    .map((change) => changeOf(cursorOf(change.entry.position), change, () => reads.board.viewOf(change.entry)));
  // If no change matches, a CHECKPOINT is all that comes.
  if (changes.length === 0) changes.push(checkpointOf(reads.journal.tail.head.position));
  return Promise.all(
    changes.map(async (change) => ({
      cursor: change.cursor,
      result: await execute({ ...args, contextValue: context(), rootValue: change }),
    })),
  );
}

const checkpointOf = (position: number) => checkpointAt(cursorOf(position), position, clock.now());

async function open(args: Args): Promise<ChangeStream> {
  const stream = await createSourceEventStream({ ...args, contextValue: context() });
  if (!(stream instanceof ChangeStream)) throw new Error(JSON.stringify(stream));
  return stream;
}

describe('shared execution', () => {
  it('tells everybody the bytes that graphql-js alone would, whatever is selected and filtered', {
    timeout: 600_000,
  }, async () => {
    let compared = 0;
    let sample = 0;
    const change = schema.getSubscriptionType()!.getFields().changes!.type;
    while (compared < RUNS) {
      sample += 1;
      const [selection, where, another] = fc.sample(fc.tuple(selectionsOf(schema, change, 4), filters, filters), {
        numRuns: 1,
        seed: seed + sample,
      })[0]!;
      const declared = Object.entries(selection.variables).map(([name, { type }]) => `, $${name}: ${type}`);
      const query = `subscription ($where: ChangeFilter, $after: Cursor${declared.join('')}) {
          told: changes(where: $where, after: $after) ${selection.text} }`;
      const document = parse(query);
      const faults = validate(schema, document);
      expect(
        faults.map(({ message }) => message),
        query,
      ).toEqual([]);
      const given = Object.entries(selection.variables).filter(([, { given }]) => given);
      const values = Object.fromEntries(given.map(([name, { value }]) => [name, value]));
      const others = Object.fromEntries(
        given.map(([name, { value }]) => [name, Array.isArray(value) ? ['fr-FR'] : !value]),
      );
      const leaving: (() => void)[] = [];
      // Nobody leaves before all were told: the second shares the rendering of the first, the third asks with other
      // values, and the last comes when time has gone on, and with it what is in force.
      for (const [filter, variables, later = 0] of [
        [where, values],
        [another, values],
        [where, others],
        [where, values, 40 * 60_000],
      ] as const) {
        clock.set(new Date(clock.now().getTime() + later));
        const args = { schema, document, variableValues: { ...variables, where: filter, after: oldest } };
        const standing = reads.journal.tail.head;
        const expected = await plain(args, await open(args));
        const listener = new Listener();
        leaving.push(followers.join(await open(args), { operation: readOperation(query), args }, listener));
        await expect.poll(() => listener.told.length).toBeGreaterThanOrEqual(expected.length);
        // The hub's timekeeper may have told meanwhile what the clock has brought.
        if (reads.journal.tail.head !== standing) continue;
        const told = listener.told.slice(0, expected.length);
        expect(
          told.map(({ text }) => text),
          query,
        ).toEqual(expected.map(({ result }) => JSON.stringify({ id: '0123', type: 'next', payload: result })));
        expect(told.map(({ event }) => event)).toEqual(
          expected.map(({ cursor, result }) => `event: next\nid: ${cursor}\ndata: ${JSON.stringify(result)}`),
        );
        compared += expected.length;
      }
      for (const leave of leaving) leave();
    }
    expect(compared).toBeGreaterThanOrEqual(RUNS);
  });

  it('executes a change once, however many filters and followers select the same of it', async () => {
    const query =
      'subscription ($where: ChangeFilter, $after: Cursor) { changes(where: $where, after: $after) { cursor type publication { id text { headline } } } }';
    const operation = readOperation(query);
    const before = renderer.executions;
    const listeners = await Promise.all(
      codes.slice(0, 100).map(async (code) => {
        const listener = new Listener();
        const args = {
          schema,
          document: operation.within.document,
          variableValues: { where: { communes: [code], kinds: [...KINDS] }, after: oldest },
        };
        return { listener, leave: followers.join(await open(args), { operation, args }, listener) };
      }),
    );
    await expect.poll(() => listeners.every(({ listener }) => listener.told.length > 0)).toBe(true);
    // Each entry at most once, and the checkpoint of those for whom there was nothing.
    expect(renderer.executions - before).toBeLessThanOrEqual(head + 2);
    for (const { leave } of listeners) leave();
  });
});
