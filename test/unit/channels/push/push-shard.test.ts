import { describe, expect, it } from 'vitest';
import { type PushAnswer, pushAnswerOf } from '../../../../src/channels/push/jobs/push-answer.rules.ts';
import { PushPace } from '../../../../src/channels/push/jobs/push-pace.ts';
import { LAST_ID, SHARD, shardEnd, type Tried, type Walked } from '../../../../src/channels/push/jobs/shard.rules.ts';
import { walkShard } from '../../../../src/channels/push/jobs/walk-shard.ts';

const NOW = new Date('2026-06-02T12:00:00Z');
type Kind = PushAnswer['kind'] | undefined;
const answer = (kind: Kind): PushAnswer | undefined =>
  kind === undefined ? undefined : kind === 'wait' ? { kind, ms: 7_000 } : { kind };
const tried = (...kinds: Kind[]): Tried[] =>
  kinds.map((kind, at) => ({ id: `id-${at}`, failed: 0, answer: answer(kind) }));
const walked = (more: Partial<Walked> = {}): Walked => ({
  ...{ afterId: null, again: [], attempts: 0, failures: 0, reached: 'reached', isLast: false },
  ...more,
});
const retrying = (again: string[], more: Partial<Walked> = {}) =>
  walked({ afterId: LAST_ID, again, isLast: true, ...more });

describe('a status of a push service', () => {
  it.each([
    [201, 'sent'],
    [200, 'sent'],
    [404, 'gone'],
    [410, 'gone'],
    [400, 'bad'],
    [413, 'bad'],
    [301, 'bad'],
    [401, 'ours'],
    [403, 'ours'],
    [429, 'wait'],
    [500, 'down'],
    [502, 'down'],
    [503, 'down'],
    [408, 'down'],
  ])('%i means %s', (status, kind) => {
    expect(pushAnswerOf(status, null, NOW).kind).toBe(kind);
  });

  it('asks for a rest by Retry-After, in seconds or as a date', () => {
    expect(pushAnswerOf(429, '30', NOW)).toEqual({ kind: 'wait', ms: 30_000 });
    expect(pushAnswerOf(503, 'Tue, 02 Jun 2026 12:01:00 GMT', NOW)).toEqual({ kind: 'wait', ms: 60_000 });
    expect(pushAnswerOf(429, 'soon', NOW)).toEqual({ kind: 'wait', ms: null });
  });
});

describe('the end of a shard', () => {
  it('goes on behind what was read, and is done where nothing is left', () => {
    expect(shardEnd(tried('sent', 'sent'), walked())).toMatchObject({
      afterId: 'reached',
      isDone: false,
      rest: undefined,
    });
    expect(shardEnd(tried('sent', 'sent'), walked({ isLast: true }))).toMatchObject({ isDone: true });
    expect(shardEnd([], walked({ reached: null, isLast: true }))).toMatchObject({ isDone: true });
    // Nobody of those that were read is pushed to.
    expect(shardEnd([], walked())).toMatchObject({ afterId: 'reached', isDone: false });
  });

  it('sorts out those that are gone, refused or work again', () => {
    const all = tried('gone', 'bad', 'sent', 'sealed');
    (all[2] as Tried).failed = 2;
    expect(shardEnd(all, walked({ isLast: true }))).toMatchObject({
      ...{ gone: ['id-0'], bad: ['id-1'], healed: ['id-2'] },
      ...{ isDone: true, again: [], rest: undefined, isAnswered: true },
    });
  });

  it('does not leave a service alone for one endpoint that fails, and tries that once more when all were walked', () => {
    const first = shardEnd(tried('sent', 'down', 'sent'), walked({ isLast: true }));
    expect(first).toMatchObject({ afterId: LAST_ID, again: ['id-1'], isDone: false, waitMs: 0, rest: undefined });
    const alone = [{ id: 'id-1', failed: 0, answer: answer('down') }];
    expect(shardEnd(alone, retrying(['id-1']))).toMatchObject({
      again: ['id-1'],
      attempts: 1,
      waitMs: 5_000,
      rest: undefined,
    });
    expect(shardEnd(alone, retrying(['id-1'], { attempts: 3 }))).toMatchObject({ attempts: 4, waitMs: 300_000 });
    expect(shardEnd(alone, retrying(['id-1'], { attempts: 12 }))).toMatchObject({ again: [], isDone: true });
    expect(shardEnd(tried('sent'), retrying(['id-0']))).toMatchObject({ isDone: true });
    // It was removed meanwhile.
    expect(shardEnd([], retrying(['id-1']))).toMatchObject({ isDone: true });
  });

  it('leaves a service alone that took nothing: longer each time, and the job goes on where it was', () => {
    const down = tried('down', 'down', 'down', undefined, undefined);
    expect(shardEnd(down, walked())).toMatchObject({
      ...{ afterId: 'id-2', again: ['id-0', 'id-1', 'id-2'], isDone: false },
      rest: { ms: 5_000, failures: 1 },
    });
    expect(shardEnd(down, walked({ failures: 1 })).rest).toEqual({ ms: 30_000, failures: 1 });
    expect(shardEnd(tried('down', undefined), walked({ failures: 2 })).rest).toEqual({ ms: 120_000, failures: 1 });
    expect(shardEnd(down, walked({ failures: 9 })).rest).toEqual({ ms: 300_000, failures: 1 });
    const untried = tried(undefined, undefined);
    expect(shardEnd(untried, walked({ afterId: 'before', isLast: true }))).toMatchObject({
      afterId: 'before',
      isDone: false,
    });
  });

  it('tries again what the end of a hub cut off, and leaves a service alone that takes nothing of its line', () => {
    expect(shardEnd(tried('cut', 'cut', 'cut', undefined), walked())).toMatchObject({
      ...{ again: ['id-0', 'id-1', 'id-2'], afterId: 'id-2', rest: undefined },
    });
    expect(shardEnd(tried('unsent', 'unsent', 'unsent'), walked()).rest).toEqual({ ms: 5_000, failures: 1 });
  });

  it('leaves a service alone for as long as it asks, up to an hour, and counts that for no failure', () => {
    expect(shardEnd(tried('wait', undefined), walked()).rest).toEqual({ ms: 7_000, failures: 0 });
    expect(shardEnd(tried('sent', 'wait', 'wait', 'wait'), walked()).rest).toEqual({ ms: 7_000, failures: 0 });
    const asked = [{ id: 'id-0', failed: 0, answer: { kind: 'wait', ms: 9 * 3600_000 } as const }];
    expect(shardEnd(asked, walked()).rest).toEqual({ ms: 3600_000, failures: 0 });
  });

  it('leaves one device alone that its service bounds, and others of the service go on', () => {
    const walking = shardEnd(tried('sent', 'wait', 'sent'), walked({ isLast: true }));
    expect(walking).toMatchObject({ rest: undefined, again: ['id-1'], isDone: false });
    const asked = [{ id: 'id-1', failed: 0, answer: { kind: 'wait', ms: 60_000 } as const }];
    expect(shardEnd(asked, retrying(['id-1']))).toMatchObject({ rest: undefined, attempts: 1, waitMs: 60_000 });
    const odd = [{ id: 'id-1', failed: 0, answer: { kind: 'ours' } as const }];
    expect(shardEnd(odd, retrying(['id-1'], { failures: 1 }))).toMatchObject({ rest: undefined, isRefused: false });
  });

  it('tells of a service that takes no key of the hub, and not for one subscription among others', () => {
    expect(shardEnd(tried('ours', 'sent'), walked())).toMatchObject({ isRefused: false, rest: undefined });
    expect(shardEnd(tried('ours'), walked())).toMatchObject({ isRefused: false, rest: undefined });
    expect(shardEnd(tried('ours', 'ours', 'ours'), walked())).toMatchObject({
      isRefused: true,
      rest: { ms: 300_000, failures: 1 },
      gone: [],
      bad: [],
    });
  });

  it('tries more than a shard once more part by part', () => {
    const again = Array.from({ length: SHARD + 3 }, (_, at) => `id-${at}`);
    const sent = tried(...again.slice(0, SHARD).map(() => 'sent' as const));
    expect(shardEnd(sent, retrying(again))).toMatchObject({ again: again.slice(SHARD), isDone: false, attempts: 0 });
  });
});

describe('a walk over a shard', () => {
  const readers = Array.from({ length: 300 }, (_, at) => ({ id: `id-${at}`, failed: 0 }));
  const walk = (
    push: (reader: { id: string }) => Promise<PushAnswer>,
    isProbing = false,
    signal = new AbortController().signal,
  ) => walkShard(readers, push, { isProbing, pace: new PushPace(), signal });

  it('tries everybody in order, a hundred at a time', async () => {
    let [under, most] = [0, 0];
    const seen: string[] = [];
    const all = await walk(async ({ id }) => {
      seen.push(id);
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
      return { kind: 'sent' };
    });
    expect(seen).toEqual(readers.map(({ id }) => id));
    expect(most).toBeLessThanOrEqual(100);
    expect(most).toBeGreaterThan(1);
    expect(all.every(({ answer: given }) => given?.kind === 'sent')).toBe(true);
  });

  it('stops where nothing gets through, and leaves the rest untried at the end', async () => {
    const all = await walk(async () => ({ kind: 'down' }));
    const untried = all.findIndex(({ answer: given }) => given === undefined);
    expect(untried).toBeGreaterThanOrEqual(20);
    expect(untried).toBeLessThanOrEqual(200);
    expect(all.slice(untried).every(({ answer: given }) => given === undefined)).toBe(true);
  });

  it('sends one ahead to a service that failed, and the others once that got through', async () => {
    const seen: string[] = [];
    const failing = await walk(async ({ id }) => {
      seen.push(id);
      return { kind: 'down' };
    }, true);
    expect(seen).toEqual(['id-0']);
    expect(failing.filter(({ answer: given }) => given)).toHaveLength(1);
    const healed = await walk(async () => ({ kind: 'sent' }), true);
    expect(healed.every(({ answer: given }) => given?.kind === 'sent')).toBe(true);
  });

  it('stops where the service asks for a rest, and where the hub ends', async () => {
    const asked = await walk(async () => ({ kind: 'wait', ms: null }));
    expect(asked.some(({ answer: given }) => given === undefined)).toBe(true);
    const one = await walk(async ({ id }) => (id === 'id-5' ? { kind: 'wait', ms: null } : { kind: 'sent' }));
    expect(one.every(({ answer: given }) => given !== undefined)).toBe(true);
    const ends = new AbortController();
    const cut = await walk(
      async () => {
        ends.abort();
        return { kind: 'sent' };
      },
      false,
      ends.signal,
    );
    expect(cut.some(({ answer: given }) => given === undefined)).toBe(true);
  });

  it('leaves everybody else a turn every few milliseconds, with others under way beside it', async () => {
    const pace = new PushPace();
    let [turns, longest, ended] = [0, 0, false];
    let began = performance.now();
    const others = () => {
      const now = performance.now();
      [turns, longest, began] = [turns + 1, Math.max(longest, now - began), now];
      if (!ended) setImmediate(others);
    };
    setImmediate(others);
    const push = async (): Promise<PushAnswer> => {
      const until = performance.now() + 1;
      while (performance.now() < until);
      return { kind: 'sent' };
    };
    const signal = new AbortController().signal;
    await Promise.all(
      [1, 2, 3, 4].map(() => walkShard(readers.slice(0, 90), push, { isProbing: false, pace, signal })),
    );
    ended = true;
    // 360 ms of work in turns of some 6 ms; the longest leaves room for what else the machine does.
    expect(turns).toBeGreaterThan(30);
    expect(longest).toBeLessThan(100);
  });

  it('takes an error for a failure', async () => {
    const [first] = await walk(async ({ id }) => {
      if (id === 'id-0') throw new Error('broken');
      return { kind: 'sent' };
    });
    expect(first?.answer).toEqual({ kind: 'down' });
  });
});
