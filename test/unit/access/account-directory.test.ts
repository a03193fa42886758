import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Admission } from '../../../src/access/account.queries.ts';
import { AccountDirectory, type RolesFrom, Uninvited, type Visitor } from '../../../src/access/account-directory.ts';
import type { Role } from '../../../src/access/actor.ts';

const ANNE: Visitor = { issuer: 'https://issuer.example', subject: 'anne', name: 'Anne', roles: ['ADMIN'] };

/** Everybody has an account, as an EDITOR, but for `strangers`. */
function setUp(rolesFrom: RolesFrom = 'accounts') {
  const disabled = new Set<string>();
  const strangers = new Set<string>();
  const roles = new Map<string, readonly Role[] | null>();
  const admission = (id: string): Admission => ({
    id,
    isDisabled: disabled.has(id),
    roles: roles.has(id) ? (roles.get(id) ?? null) : ['EDITOR'],
  });
  const resolve = vi.fn(async ({ subject }: Visitor): Promise<Admission | undefined> => {
    const read = strangers.has(subject) ? undefined : admission(subject);
    await Promise.resolve();
    return read;
  });
  const admissionsOf = vi.fn(async (ids: readonly string[]) => ids.map(admission));
  const onError = vi.fn();
  const directory = new AccountDirectory({ rolesFrom, resolve, admissionsOf, onError });
  return { disabled, strangers, roles, resolve, admissionsOf, onError, directory };
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

  it('gives the roles of the account, whatever the token claims; where the token decides, those of the token', async () => {
    expect((await setUp('accounts').directory.admit(ANNE)).roles).toEqual(['EDITOR']);
    expect((await setUp('token').directory.admit(ANNE)).roles).toEqual(['ADMIN']);
  });

  it('lets nobody in without roles of ours, and asks again for each who comes without an account', async () => {
    const { directory, roles, strangers, resolve } = setUp();
    for (const decided of [null, []]) {
      roles.set('anne', decided);
      directory.hear('anne');
      const { issuer, subject } = ANNE;
      await expect(directory.admit(ANNE)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        person: { issuer, subject },
      });
      await expect(directory.admit(ANNE)).rejects.toBeInstanceOf(Uninvited);
    }
    expect(resolve).toHaveBeenCalledTimes(2);
    strangers.add('bob');
    await expect(directory.admit({ ...ANNE, subject: 'bob' })).rejects.toBeInstanceOf(Uninvited);
    strangers.delete('bob');
    expect((await directory.admit({ ...ANNE, subject: 'bob' })).id).toBe('bob');
  });

  it('knows a disabled account whose roles were never decided as disabled: no invitation opens it', async () => {
    const { directory, disabled, roles } = setUp();
    disabled.add('anne');
    roles.set('anne', null);
    await expect(directory.admit(ANNE)).rejects.not.toBeInstanceOf(Uninvited);
  });

  it('finds the accounts whose roles changed while it could not hear of it, and no others', async () => {
    const { directory, roles, admissionsOf } = setUp();
    const end = vi.fn();
    (await directory.admit(ANNE)).endsWith(end);
    (await directory.admit({ ...ANNE, subject: 'bob' })).endsWith(() => expect.unreachable('bob has not changed'));
    roles.set('anne', ['EDITOR', 'CHECKER']);
    directory.hear();
    await vi.waitFor(() => expect(end).toHaveBeenCalledTimes(1));
    expect(admissionsOf).toHaveBeenCalledTimes(1);
    expect((await directory.admit(ANNE)).roles).toEqual(['EDITOR', 'CHECKER']);
  });

  it('looks at all it let in once messages may have been missed, again until PostgreSQL answers', async () => {
    const { directory, disabled, admissionsOf, onError } = setUp();
    const end = vi.fn();
    (await directory.admit(ANNE)).endsWith(end);
    (await directory.admit({ ...ANNE, subject: 'bob' })).endsWith(() => expect.unreachable('bob has not changed'));
    disabled.add('anne');
    vi.useFakeTimers();
    admissionsOf.mockRejectedValueOnce(new Error('away'));
    directory.hear();
    await vi.advanceTimersByTimeAsync(0);
    expect([end.mock.calls.length, onError.mock.calls.length]).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(end).toHaveBeenCalledTimes(1);
    directory.close();
  });
});
