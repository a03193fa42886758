import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Followers, SLOW_READER_MS } from '../../../src/live/following/followers.ts';
import type { Renderer } from '../../../src/live/following/renderer.ts';
import { Client, followersInMemory, type MemoryJournal, selectionOf } from '../../support/following/memory-journal.ts';

const selection = selectionOf('subscription { changes { cursor type } }');
const withIds = selectionOf('subscription { changes { publication { id } } }');

let scene: ReturnType<typeof followersInMemory>;
let memory: MemoryJournal;
let renderer: Renderer;
let followers: Followers;
const join = (client: Client, from = memory.entries.length, selected = selection) => scene.join(client, from, selected);
/** Lets every follower in line have its turn. */
const turns = () => vi.advanceTimersByTime(0);

beforeEach(() => {
  vi.useFakeTimers();
  scene = followersInMemory();
  ({ memory, renderer, followers } = scene);
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
    scene.join(client, 0, selection, 'another');
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
