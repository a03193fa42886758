import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KeyFound } from '../../../../src/access/keys/api-key.queries.ts';
import { newApiKey } from '../../../../src/access/keys/api-key.rules.ts';
import { KeyRing } from '../../../../src/access/keys/key-ring.ts';
import { SetClock } from '../../../../src/clock.ts';

const NOON = '2026-06-02T12:00:00Z';

function setUp() {
  const { key, hash } = newApiKey();
  const rows = new Map<string, KeyFound>();
  const row = (more: Partial<KeyFound> = {}): void => {
    const found: KeyFound = {
      hash,
      id: 'key',
      issuer: 'key',
      accountId: 'machine',
      name: 'Barrière',
      roles: ['MARSHAL'],
      pointsPerSecond: null,
      isRevoked: false,
      expiresAt: new Date('2026-12-31T00:00:00Z'),
      ...more,
    };
    rows.set(found.hash, found);
  };
  row();
  const find = vi.fn(async (hashes: readonly string[]) => {
    const found = hashes.flatMap((one) => rows.get(one) ?? []);
    await Promise.resolve();
    return found.map((one) => ({ ...one }));
  });
  const noteUse = vi.fn(async (_id: string): Promise<void> => undefined);
  const onError = vi.fn();
  const clock = new SetClock(NOON);
  const ring = new KeyRing({ find, noteUse, onError, clock });
  return { key, hash, rows, row, find, noteUse, onError, clock, ring };
}

afterEach(() => vi.useRealTimers());

describe('the ring of keys', () => {
  it('asks for a key once, and again after its machine changed', async () => {
    const { key, ring, find, row } = setUp();
    expect(await ring.holderOf(key)).toMatchObject({ accountId: 'machine', roles: ['MARSHAL'] });
    await ring.holderOf(key);
    expect(find).toHaveBeenCalledTimes(1);
    row({ isRevoked: true });
    ring.hear('another');
    await ring.holderOf(key);
    expect(find).toHaveBeenCalledTimes(1);
    ring.hear('machine');
    await expect(ring.holderOf(key)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('asks for no key that cannot be one, and remembers none that nobody has', async () => {
    const { key, ring, find } = setUp();
    await expect(ring.holderOf(`${key.slice(0, -1)}#`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(find).not.toHaveBeenCalled();
    const unknown = newApiKey().key;
    for (let n = 0; n < 2; n += 1)
      await expect(ring.holderOf(unknown)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('refuses a key from the moment on at which it ends, without asking', async () => {
    const { key, ring, clock, row } = setUp();
    row({ expiresAt: new Date('2026-06-02T12:00:01Z') });
    await ring.holderOf(key);
    clock.set('2026-06-02T12:00:00.999Z');
    await ring.holderOf(key);
    clock.set('2026-06-02T12:00:01Z');
    await expect(ring.holderOf(key)).rejects.toMatchObject({ message: 'this key has expired' });
  });

  it('does not keep what it read before a change that it heard of meanwhile', async () => {
    const { key, ring, row } = setUp();
    const held = ring.holderOf(key);
    row({ isRevoked: true });
    ring.hear('machine');
    await expect(held).rejects.toMatchObject({ message: 'this key was revoked' });
  });

  it('says of what it answered whether anything was heard since', async () => {
    const { key, ring } = setUp();
    const held = await ring.holderOf(key);
    expect(ring.holds(held)).toBe(true);
    ring.hear('machine');
    expect(ring.holds(held)).toBe(false);
  });

  it('writes the use of a key down once a minute, and nobody waits for that or hears of its failure', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { key, ring, noteUse, onError } = setUp();
    noteUse.mockRejectedValueOnce(new Error('away'));
    for (let n = 0; n < 5; n += 1) await ring.holderOf(key);
    expect(noteUse.mock.calls).toEqual([['key']]);
    await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1));
    vi.advanceTimersByTime(59_000);
    await ring.holderOf(key);
    expect(noteUse).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    await ring.holderOf(key);
    expect(noteUse).toHaveBeenCalledTimes(2);
  });

  it('reads all keys anew once messages may have been missed, again until PostgreSQL answers', async () => {
    const { key, ring, find, row, onError } = setUp();
    await ring.holderOf(key);
    row({ isRevoked: true });
    vi.useFakeTimers();
    find.mockRejectedValueOnce(new Error('away'));
    ring.hear();
    await vi.advanceTimersByTimeAsync(0);
    expect(onError).toHaveBeenCalledTimes(1);
    // Nobody can tell yet: whoever was let in goes on.
    expect(await ring.holderOf(key)).toMatchObject({ isRevoked: false });
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(ring.holderOf(key)).rejects.toMatchObject({ message: 'this key was revoked' });
    ring.close();
  });

  it('keeps what did not change when it reads all keys anew', async () => {
    const { key, ring, find } = setUp();
    const held = await ring.holderOf(key);
    ring.hear();
    await vi.waitFor(() => expect(find).toHaveBeenCalledTimes(2));
    await Promise.resolve();
    expect(ring.holds(held)).toBe(true);
    expect(find).toHaveBeenCalledTimes(2);
  });
});
