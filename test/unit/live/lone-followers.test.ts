import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Buckets } from '../../../src/allowance/buckets.ts';
import { Payer } from '../../../src/allowance/payer.ts';
import { POINTS } from '../../../src/allowance/points.rules.ts';
import { Client, followersInMemory, selectionOf } from '../../support/following/memory-journal.ts';

/** A thousand nodes of each change, in two kilobytes: sixteen such changes fill a chunk. */
const own = (name: string) => selectionOf(`subscription { changes { cursor publication { ${name}: some } } }`);
const BEHIND = 40;
/** As it is paced: what is rendered for one step, but for the change that goes beyond. */
const STEP_POINTS = 4_000;
const A_CHANGE = 1_200;
const PER_SECOND = 1_000;
/** A bucket with so many points: nobody can spend that. */
const PLENTY = 1e9;

let scene: ReturnType<typeof followersInMemory>;
/** The time by which buckets are filled, in milliseconds: it stands still unless a test moves it. */
let now = 0;
/** Lets everybody in line have as many turns as there are, and whoever waits for points look again. */
const turns = () => vi.advanceTimersByTime(5_000);
/** The same, once so much was filled into every bucket that it is full. */
const laterTurns = () => {
  now += 60_000;
  turns();
};
/** The positions that a client was told, in the order in which they came. */
const told = ({ sent }: Client) =>
  sent.flatMap((chunk) => chunk.split(' ')).filter((position) => /^\d+$/.test(position));
const all = (count: number) => Array.from({ length: count }, (_, at) => `${at + 1}`);

/** A client, and what it has spent: its bucket holds so many points and gets a thousand a second. */
function clientWith(points: number) {
  const buckets = new Buckets(PER_SECOND, points / PER_SECOND, () => now);
  const payer = new Payer([{ bound: 'addressPoints', buckets, key: 'one' }], () => {
    throw new Error('nobody asks to be admitted here');
  });
  return { client: new Client(payer), another: () => new Client(payer), spent: () => buckets.taken('one') };
}

beforeEach(() => {
  vi.useFakeTimers();
  scene = followersInMemory();
});
afterEach(() => {
  scene.followers.close();
  vi.useRealTimers();
});

describe('a follower that comes back to what nobody else had rendered', () => {
  it('gets it in steps for each of which little is rendered, in order, each change once', () => {
    const { memory, renderer, join } = scene;
    const client = new Client();
    const steps: number[] = [];
    let before = 0;
    const send = client.send.bind(client);
    client.send = (frames) => {
      steps.push(renderer.points - before);
      before = renderer.points;
      send(frames);
    };
    memory.append(BEHIND);
    join(client, 0, own('a'));
    turns();
    memory.append(1);
    expect(told(client)).toEqual(all(BEHIND + 1));
    expect(Math.max(...steps)).toBeLessThan(STEP_POINTS + A_CHANGE);
    expect(steps.length).toBeGreaterThan(BEHIND / 5);
  });

  it('pays for all of it but for what its subscription has paid', () => {
    const { memory, renderer, join } = scene;
    const { client, spent } = clientWith(PLENTY);
    memory.append(BEHIND);
    join(client, 0, own('a'));
    turns();
    expect(told(client)).toEqual(all(BEHIND));
    expect(spent()).toBeCloseTo(renderer.points - POINTS.subscribed);
    expect(spent()).toBeGreaterThan(BEHIND * 1_000);
  });

  it('pays for no change that comes while it is live', () => {
    const { memory, join } = scene;
    const { client, spent } = clientWith(PLENTY);
    memory.append(2);
    join(client, 0, own('a'));
    turns();
    const before = spent();
    for (let at = 0; at < 5; at += 1) memory.append(1);
    expect(told(client)).toEqual(all(7));
    expect(spent()).toBe(before);
  });

  it('waits while its client has nothing left, holds up nobody, and loses nothing', () => {
    const { memory, join } = scene;
    const { client, spent } = clientWith(3 * PER_SECOND);
    let most = 0;
    const send = client.send.bind(client);
    client.send = (frames) => {
      most = Math.max(most, spent());
      send(frames);
    };
    memory.append(BEHIND);
    join(client, 0, own('a'));
    turns();
    const early = told(client).length;
    expect(early).toBeGreaterThan(0);
    expect(early).toBeLessThan(BEHIND / 4);
    const other = new Client();
    join(other, 0, own('b'));
    turns();
    expect(told(other)).toEqual(all(BEHIND));
    expect(told(client)).toHaveLength(early);
    for (let looks = 0; looks < BEHIND; looks += 1) {
      memory.append(1);
      laterTurns();
    }
    expect(told(client)).toEqual(all(2 * BEHIND));
    expect(told(other)).toEqual(all(2 * BEHIND));
    // Never overdrawn by more than a step.
    expect(most).toBeLessThan(3 * PER_SECOND + STEP_POINTS + A_CHANGE);
    expect([client.dropped, client.error]).toEqual([false, undefined]);
  });

  it('pays nothing for what was rendered for another one before', () => {
    const { memory, join } = scene;
    const { client, spent } = clientWith(PLENTY);
    memory.append(BEHIND);
    join(new Client(), 0, own('a'));
    turns();
    join(client, 0, own('a'));
    turns();
    expect(told(client)).toEqual(all(BEHIND));
    expect(spent()).toBe(0);
  });

  it('gets what is rendered for another one, though its client has nothing left', () => {
    const { memory, join } = scene;
    const { client } = clientWith(3 * PER_SECOND);
    memory.append(BEHIND);
    join(client, 0, own('a'));
    turns();
    expect(told(client).length).toBeLessThan(BEHIND);
    join(new Client(), 0, own('a'));
    turns();
    expect(told(client)).toEqual(all(BEHIND));
  });

  it.each(['while it waits for points', 'while it waits for its turn'])(
    'gets nothing more once it has left %s',
    (when) => {
      const { memory, join } = scene;
      const { client } = clientWith(when === 'while it waits for points' ? 3 * PER_SECOND : PLENTY);
      memory.append(BEHIND);
      const leave = join(client, 0, own('a'));
      if (when === 'while it waits for points') turns();
      const before = told(client).length;
      leave();
      laterTurns();
      laterTurns();
      expect(told(client)).toHaveLength(before);
    },
  );
});

describe('many that share a selection and an address', () => {
  it('pay for one rendering together, and get all of it soon, though their address has nothing left', () => {
    const { memory, renderer, join } = scene;
    // The first of them overdraws it by his first step.
    const { client, another, spent } = clientWith(3 * PER_SECOND);
    const clients = [client, ...Array.from({ length: 200 }, another)];
    memory.append(BEHIND);
    for (const one of clients) join(one, 0, own('a'));
    turns();
    expect(renderer.executions).toBe(BEHIND);
    expect(spent()).toBeLessThanOrEqual(renderer.points);
    for (const one of clients) expect(told(one)).toEqual(all(BEHIND));
  });
});
