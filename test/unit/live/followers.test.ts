import { buildSchema, type GraphQLObjectType, parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Board } from '../../../src/board/board.ts';
import type { ChangeMatch } from '../../../src/board/filter/change-filter.rules.ts';
import { systemClock } from '../../../src/clock.ts';
import { countFields } from '../../../src/graphql/cost/counted-fields.ts';
import { Documents, ReadDocument } from '../../../src/graphql/documents.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import type { Journal } from '../../../src/journal/journal.ts';
import { ChangeStream } from '../../../src/live/following/change-stream.ts';
import type { Outlet } from '../../../src/live/following/follower.ts';
import { Followers, SLOW_READER_MS } from '../../../src/live/following/followers.ts';
import type { Frames } from '../../../src/live/following/frames.ts';
import { Renderer } from '../../../src/live/following/renderer.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { viewId } from '../../../src/publications/view.ts';

const EPOCH = 'one';
const QUERY = 'subscription { changes { cursor type } }';
const schema = buildSchema(`
  type Query { none: Int }
  type Subscription { changes: Change }
  type Change { cursor: String type: String publication: Publication }
  type Publication { id: String many: [Int] }
`);
const id = (schema.getType('Publication') as GraphQLObjectType).getFields().id;
if (id) id.resolve = viewId;
const field = schema.getSubscriptionType()?.getFields().changes;
if (field) field.resolve = (change) => change;
const many = (schema.getType('Publication') as GraphQLObjectType).getFields().many;
if (many) many.resolve = () => Array.from({ length: 4_000 }, (_, at) => at);
countFields(schema);
function selectionOf(query: string) {
  const read = new Documents(schema, { maxTokens: 100 }).read(query);
  const operation = read instanceof ReadDocument ? read.operation(undefined) : undefined;
  if (!operation) throw new Error('unread');
  return { operation, args: { schema, document: parse(query) } };
}
const selection = selectionOf(QUERY);
const withIds = selectionOf('subscription { changes { publication { id } } }');
const everything: ChangeMatch = { modes: new Set(['ACTUAL']), kinds: new Set(['ADVICE']), least: 0 };

/** A journal all of which is in memory. */
class Memory {
  readonly entries: Entry<PublicDocument>[] = [];
  #listener: (batch: readonly Entry<PublicDocument>[]) => void = () => undefined;
  available = true;

  get head() {
    return { epoch: EPOCH, position: this.entries.length };
  }
  inMemory(position: number, limit: number) {
    return this.entries.slice(position, position + limit);
  }
  listen(listener: (batch: readonly Entry<PublicDocument>[]) => void) {
    this.#listener = listener;
    return () => undefined;
  }
  append(count: number): void {
    this.tell(...Array.from({ length: count }, (_, index) => `thread-${this.entries.length + 1 + index}`));
  }
  /** Appends an entry for each of these threads, in one batch. */
  tell(...threads: string[]): void {
    const batch = threads.map((subject, index) => {
      const position = this.entries.length + 1 + index;
      const document = { id: subject, mode: 'ACTUAL', kind: 'ADVICE', communes: [], revision: position };
      return { subject, position, type: 'UPDATED', changedFields: [], document, before: null, superseded: false };
    }) as unknown as Entry<PublicDocument>[];
    for (const entry of batch) board.apply(entry);
    this.entries.push(...batch);
    this.#listener(batch);
  }
}

/** A client whose connection is full, or drains, as the test says. */
class Client implements Outlet {
  readonly sent: string[] = [];
  /** The ids of the publications that it was sent, if it selects them. */
  readonly ids: string[] = [];
  isFull = false;
  dropped = false;
  error: Error | undefined;
  #resume: () => void = () => undefined;

  send({ changes }: Frames): void {
    const told = changes.map(({ position, json }) => (json.includes('CHECKPOINT') ? `at ${position}` : `${position}`));
    this.sent.push(told.join(' '));
    for (const { json } of changes) {
      const { publication } = JSON.parse(String(json)).data.changes;
      if (publication) this.ids.push(publication.id);
    }
  }
  whenDrained(resume: () => void): void {
    this.#resume = resume;
  }
  drain(): void {
    this.isFull = false;
    this.#resume();
  }
  drop(): void {
    this.dropped = true;
  }
  fail(error: Error): void {
    this.error = error;
  }
}

let board: Board;
let memory: Memory;
let renderer: Renderer;
let followers: Followers;
const join = (client: Client, from = memory.entries.length, selected = selection) =>
  followers.join(new ChangeStream(everything, from, EPOCH), selected, client);
/** Lets every follower in line have its turn. */
const turns = () => vi.advanceTimersByTime(0);

beforeEach(() => {
  vi.useFakeTimers();
  board = new Board(systemClock);
  memory = new Memory();
  renderer = new Renderer({
    board,
    clock: systemClock,
    cursorOf: String,
    format: (error) => error,
    context: () => ({}),
  });
  const journal = { tail: memory, clock: systemClock } as unknown as Journal<PublicDocument>;
  followers = new Followers(journal, renderer, (error) => {
    throw error;
  });
});
afterEach(() => {
  followers.close();
  vi.useRealTimers();
});

describe('a follower', () => {
  it('that joins at the head gets a cursor, then each change as it comes', () => {
    const client = new Client();
    memory.append(2);
    join(client);
    expect(client.sent).toEqual([]);
    turns();
    expect(client.sent).toEqual(['at 2']);
    memory.append(1);
    memory.append(2);
    expect(client.sent).toEqual(['at 2', '3', '4 5']);
  });

  it('that comes back catches up before it is live, and gets each change once', () => {
    const client = new Client();
    memory.append(3);
    join(client, 1);
    memory.append(1);
    expect(client.sent).toEqual([]);
    turns();
    memory.append(1);
    expect(client.sent).toEqual(['2 3 4', '5']);
  });

  it('that is blocked gets nothing until its connection drains, then all that it missed in one chunk', () => {
    const client = new Client();
    join(client);
    turns();
    client.isFull = true;
    memory.append(1);
    memory.append(2);
    turns();
    expect(client.sent).toEqual(['at 0']);
    client.drain();
    expect(client.sent).toEqual(['at 0']);
    turns();
    memory.append(1);
    expect(client.sent).toEqual(['at 0', '1 2 3', '4']);
  });

  it('that is blocked for long is dropped, and gets nothing more even if its connection drains', () => {
    const client = new Client();
    join(client);
    turns();
    client.isFull = true;
    memory.append(1);
    vi.advanceTimersByTime(SLOW_READER_MS - 1);
    expect(client.dropped).toBe(false);
    vi.advanceTimersByTime(1);
    expect(client.dropped).toBe(true);
    client.drain();
    turns();
    memory.append(1);
    expect(client.sent).toEqual(['at 0']);
  });

  it('that drains in time is not dropped later', () => {
    const client = new Client();
    join(client);
    turns();
    client.isFull = true;
    memory.append(1);
    client.drain();
    vi.advanceTimersByTime(2 * SLOW_READER_MS);
    expect([client.dropped, client.sent]).toEqual([false, ['at 0', '1']]);
  });

  it.each(['before its first turn', 'while it is live', 'while it is blocked'])(
    'that leaves %s gets nothing more',
    (when) => {
      const client = new Client();
      const leave = join(client);
      if (when !== 'before its first turn') turns();
      if (when === 'while it is blocked') {
        client.isFull = true;
        memory.append(1);
      }
      const before = client.sent.length;
      leave();
      client.drain();
      turns();
      memory.append(1);
      expect(client.sent).toHaveLength(before);
    },
  );

  it('is ended in every phase, once, when the journal is restored', () => {
    const [live, blocked, behind] = [new Client(), new Client(), new Client()];
    join(live);
    join(blocked);
    turns();
    blocked.isFull = true;
    memory.append(1);
    join(behind, 0);
    followers.resync();
    for (const { error } of [live, blocked, behind]) expect(error).toMatchObject({ code: 'RESYNC_REQUIRED' });
    turns();
    memory.append(1);
    expect([live.sent, blocked.sent, behind.sent]).toEqual([['at 0', '1'], ['at 0'], []]);
  });

  it('of an epoch that is over is ended at once', () => {
    const client = new Client();
    followers.join(new ChangeStream(everything, 0, 'another'), selection, client);
    expect(client.error).toMatchObject({ code: 'RESYNC_REQUIRED' });
  });
});

describe('the publication of a change', () => {
  it('has the id of its thread for all who hear it as it happens, and is rendered once for them', () => {
    const clients = [new Client(), new Client(), new Client()];
    for (const client of clients) join(client, 0, withIds);
    turns();
    const { executions } = renderer;
    memory.tell('a');
    expect(clients.map(({ ids }) => ids)).toEqual([['a'], ['a'], ['a']]);
    expect(renderer.executions).toBe(executions + 1);
  });

  it('has an id of its own for those who come late, and only the newest of a thread has that of the thread', () => {
    memory.tell('a', 'b', 'a');
    const late = new Client();
    join(late, 0, withIds);
    turns();
    expect(late.ids).toEqual(['a@r1', 'b', 'a']);
    memory.tell('a');
    memory.tell('b', 'b');
    expect(late.ids).toEqual(['a@r1', 'b', 'a', 'a', 'b@r5', 'b']);
  });

  it('is not shown as the newest by a chunk that was made for others before another change followed', () => {
    // More than fit into one page of the journal, so that the first chunk does not end at the head.
    memory.append(600);
    const everyTurn = () => vi.advanceTimersByTime(100);
    const [first, second] = [new Client(), new Client()];
    join(first, 0, withIds);
    everyTurn();
    expect(first.ids.at(0)).toBe('thread-1');
    memory.tell('thread-1');
    join(second, 0, withIds);
    everyTurn();
    expect(second.ids.at(0)).toBe('thread-1@r1');
    expect(second.ids.at(-1)).toBe('thread-1');
    expect(first.ids.at(-1)).toBe('thread-1');
  });
});

describe('selections that few share', () => {
  const own = (name: string) => selectionOf(`subscription { changes { publication { ${name}: many id } } }`);
  const shared = () => selectionOf('subscription { changes { publication { many id } } }');
  const LONERS = 8;

  it('come in turns where they cost much: a change waits for those alone that more followers share', () => {
    const loners = Array.from({ length: LONERS }, () => new Client());
    for (const [at, client] of loners.entries()) join(client, 0, own(`a${at}`));
    const together = [new Client(), new Client()];
    for (const client of together) join(client, 0, shared());
    turns();
    memory.tell('one');
    expect(together.map(({ ids }) => ids)).toEqual([['one'], ['one']]);
    const waiting = loners.filter(({ ids }) => ids.length === 0).length;
    expect(waiting).toBeGreaterThan(LONERS / 2);
    expect(waiting).toBeLessThan(LONERS);
    // Another change meanwhile: each gets both, once, in order.
    memory.tell('two');
    for (let slice = 0; slice < 4 * LONERS; slice += 1) vi.advanceTimersByTime(20);
    expect(loners.map(({ ids }) => ids)).toEqual(Array.from({ length: LONERS }, () => ['one', 'two']));
    expect(loners.some(({ dropped }) => dropped)).toBe(false);
    // They are live again, and the first of them in time for the next one.
    memory.tell('three');
    expect(loners.filter(({ ids }) => ids.length === 3).length).toBeGreaterThan(0);
  });

  it('are one, whatever they call their operation, fragments and variables, and however they are written', () => {
    const executions = renderer.executions;
    const texts = [
      'subscription { changes { publication { id } } }',
      'subscription Mine { changes { publication { id, } } } # mine',
      'subscription A { changes {publication{id}} }',
    ];
    for (const text of texts) join(new Client(), memory.entries.length, selectionOf(text));
    turns();
    memory.tell('one');
    expect(renderer.executions - executions).toBe(2);
  });
});
