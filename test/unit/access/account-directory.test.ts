import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Admission } from '../../../src/access/account.queries.ts';
import { AccountDirectory } from '../../../src/access/account-directory.ts';

const ANNE = { issuer: 'https://issuer.example', subject: 'anne', name: 'Anne' };

function setUp() {
  const disabled = new Set<string>();
  const resolve = vi.fn(async ({ subject }: { subject: string }): Promise<Admission> => {
    const isDisabled = disabled.has(subject);
    await Promise.resolve();
    return { id: subject, isDisabled };
  });
  const disabledAmong = vi.fn(async (ids: readonly string[]) => ids.filter((id) => disabled.has(id)));
  const onError = vi.fn();
  const directory = new AccountDirectory({ resolve, disabledAmong, onError });
  return { disabled, resolve, disabledAmong, onError, directory };
}

afterEach(() => vi.useRealTimers());

describe('the directory of accounts', () => {
  it('asks for an account once, and again after it changed', async () => {
    const { directory, resolve, disabled } = setUp();
    expect((await directory.admit(ANNE)).id).toBe('anne');
    await directory.admit(ANNE);
    expect(resolve).toHaveBeenCalledTimes(1);
    disabled.add('anne');
    directory.hear('anne');
    await expect(directory.admit(ANNE)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    disabled.delete('anne');
    directory.hear('anne');
    expect((await directory.admit(ANNE)).id).toBe('anne');
  });

  it('takes the same subject of another issuer for somebody else', async () => {
    const { directory, resolve } = setUp();
    await directory.admit(ANNE);
    await directory.admit({ ...ANNE, issuer: 'https://other.example' });
    expect(resolve).toHaveBeenCalledTimes(2);
  });

  it('ends the open sessions of an account that changed, once, and no other', async () => {
    const { directory } = setUp();
    const [ofAnne, ofBob, left] = [vi.fn(), vi.fn(), vi.fn()];
    const anne = await directory.admit(ANNE);
    anne.endsWith(ofAnne);
    anne.endsWith(left)();
    (await directory.admit({ ...ANNE, subject: 'bob' })).endsWith(ofBob);
    directory.hear('anne');
    directory.hear('anne');
    expect([ofAnne, ofBob, left].map((end) => end.mock.calls.length)).toEqual([1, 0, 0]);
  });

  it('ends a session at once that begins after its account changed', async () => {
    const { directory } = setUp();
    const anne = await directory.admit(ANNE);
    directory.hear('anne');
    const end = vi.fn();
    anne.endsWith(end)();
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('does not keep what it read before a change that it heard of meanwhile', async () => {
    const { directory, disabled } = setUp();
    const admitted = directory.admit(ANNE);
    disabled.add('anne');
    directory.hear('anne');
    await expect(admitted).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('gives two who look at the same time sessions of one account', async () => {
    const { directory } = setUp();
    const end = vi.fn();
    for (const admitted of await Promise.all([directory.admit(ANNE), directory.admit(ANNE)])) admitted.endsWith(end);
    expect(end).not.toHaveBeenCalled();
    directory.hear('anne');
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('looks at all it let in once messages may have been missed, again until PostgreSQL answers', async () => {
    const { directory, disabled, disabledAmong, onError } = setUp();
    const end = vi.fn();
    (await directory.admit(ANNE)).endsWith(end);
    (await directory.admit({ ...ANNE, subject: 'bob' })).endsWith(() => expect.unreachable('bob has not changed'));
    disabled.add('anne');
    vi.useFakeTimers();
    disabledAmong.mockRejectedValueOnce(new Error('away'));
    directory.hear();
    await vi.advanceTimersByTimeAsync(0);
    expect([end.mock.calls.length, onError.mock.calls.length]).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(end).toHaveBeenCalledTimes(1);
    directory.close();
  });
});
