import { describe, expect, it, onTestFinished } from 'vitest';
import type { Role } from '../../../src/access/actor.ts';
import { FaultProxy } from '../../support/database/fault-proxy.ts';
import { administrationDesk, type ManagedAccount } from '../../support/desk/administration-desk.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const desk = await administrationDesk();
const { first, second, owner, tokenOf, ask, invite, accept, onAccount, viewer, person, managed } = desk;

// So that nobody below is the last ADMIN of the issuers.
await person('standing', ['ADMIN']);

/** One mutation of an account as it stands now; answers the error's code, or what an ADMIN then sees. */
async function on(admin: 'admin' | 'admin2', mutation: string, id: string, roles?: readonly Role[]) {
  const { version } = (await managed(id)).administration;
  const said = await onAccount(admin, mutation, { id, version, ...(roles ? { roles } : {}) });
  if (said.code) return said.code;
  return (said.data as unknown as Record<string, { account: ManagedAccount }>)[mutation]!.account.administration;
}
const rolesOf = async (subject: string, hub = first) =>
  ((await viewer(await tokenOf(subject), hub)).data as unknown as { viewer: { roles: Role[] } } | undefined)?.viewer
    .roles;

describe('changeAccountRoles', () => {
  it('takes away at once and gives at once what one ADMIN may; the others wait for a second one (I-29)', async () => {
    const id = await person('karim', ['VOLUNTEER', 'CHECKER']);
    const wanted: Role[] = ['EDITOR', 'ADMIN', 'CHECKER', 'DUTY_OFFICER'];
    expect(await on('admin', 'changeAccountRoles', id, wanted)).toMatchObject({
      roles: ['CHECKER', 'EDITOR'],
      roleRequest: { roles: ['DUTY_OFFICER', 'ADMIN'], askedBy: { name: 'Administration' } },
    });
    expect(await rolesOf('karim')).toEqual(['CHECKER', 'EDITOR']);
    expect(await on('admin', 'approveAccountRoles', id)).toBe('FORBIDDEN');
    expect(await on('admin2', 'approveAccountRoles', id)).toMatchObject({
      roles: ['CHECKER', 'EDITOR', 'DUTY_OFFICER', 'ADMIN'],
      roleRequest: null,
    });
    await expect
      .poll(() => rolesOf('karim', second), { timeout: PATIENCE_MS })
      .toEqual(['CHECKER', 'EDITOR', 'DUTY_OFFICER', 'ADMIN']);
    expect(await on('admin2', 'approveAccountRoles', id)).toBe('WRONG_STAGE');
    // Back to one role: no second ADMIN is needed to take away.
    expect(await on('admin2', 'changeAccountRoles', id, ['EDITOR'])).toMatchObject({ roles: ['EDITOR'] });
  });

  it('ends the sessions of every hub within a second, and the token opens nothing without a role', async () => {
    const id = await person('leaves', ['EDITOR']);
    const authorization = `Bearer ${await tokenOf('leaves')}`;
    const sockets = await Promise.all([first, second].map((hub) => new RawSocket(hub.url).init({ authorization })));
    for (const socket of sockets) await socket.subscribe('1', 'subscription { deskChanges { at } }');
    const query = encodeURIComponent('subscription { deskChanges { at } }');
    const stream = await fetch(`${second.url}/graphql/stream?query=${query}`, {
      headers: { authorization, accept: 'text/event-stream' },
    });
    const ends = [...sockets.map((socket) => socket.ended()), stream.text()].map((end) => end.then(() => Date.now()));
    expect(await on('admin', 'changeAccountRoles', id, [])).toMatchObject({ roles: [] });
    const answered = Date.now();
    expect(Math.max(...(await Promise.all(ends))) - answered).toBeLessThan(1_000);
    for (const hub of [first, second])
      await expect
        .poll(async () => (await viewer(await tokenOf('leaves'), hub)).status, { timeout: PATIENCE_MS })
        .toBe(401);
  });

  it('is never of one’s own account, nor of a machine of the hub', async () => {
    const [own] = await owner<{ id: string }>(`select id from account where subject = 'admin'`);
    expect(await on('admin', 'changeAccountRoles', own!.id, ['ADMIN', 'EDITOR'])).toBe('INVALID_INPUT');
    await on('admin2', 'changeAccountRoles', own!.id, ['ADMIN', 'VALIDATOR']);
    expect(await on('admin', 'approveAccountRoles', own!.id)).toBe('INVALID_INPUT');
    const machine = await person('machine', ['VOLUNTEER']);
    await owner(`update account set issuer = 'tocsin' where id = $1`, machine);
    expect(await on('admin', 'changeAccountRoles', machine, ['EDITOR'])).toBe('INVALID_INPUT');
  });

  it('replaces what waited; what is asked anew is approved anew, and an approval of what was before is a CONFLICT', async () => {
    const id = await person('waits', ['EDITOR']);
    await on('admin', 'changeAccountRoles', id, ['EDITOR', 'VALIDATOR']);
    const { version } = (await managed(id)).administration;
    expect(await on('admin', 'changeAccountRoles', id, ['EDITOR', 'ADMIN'])).toMatchObject({
      roleRequest: { roles: ['ADMIN'] },
    });
    expect(await onAccount('admin2', 'approveAccountRoles', { id, version })).toMatchObject({ code: 'CONFLICT' });
    expect(await on('admin2', 'changeAccountRoles', id, ['EDITOR'])).toMatchObject({ roleRequest: null });
    expect(await on('admin2', 'approveAccountRoles', id)).toBe('WRONG_STAGE');
    expect((await managed(id)).administration.roles).toEqual(['EDITOR']);
  });

  it('is approved once, by two ADMINs at the same moment too', async () => {
    await person('other-admin', ['ADMIN']);
    const id = await person('once', ['EDITOR']);
    await on('admin', 'changeAccountRoles', id, ['EDITOR', 'VALIDATOR']);
    const { version } = (await managed(id)).administration;
    const query = 'mutation ($id: ID!, $version: Int!) { approveAccountRoles(id: $id, version: $version) { asOf } }';
    const answers = await Promise.all([
      onAccount('admin2', 'approveAccountRoles', { id, version }),
      ask(await tokenOf('other-admin'), query, { id, version }, second),
    ]);
    expect(answers.map(({ code }) => code ?? 'approved').sort()).toEqual(['CONFLICT', 'approved']);
    expect((await managed(id)).administration).toMatchObject({ version: version + 1, roles: ['EDITOR', 'VALIDATOR'] });
  });

  it('of an ADMIN who is none any more is not approved', async () => {
    const asker = await person('asker', ['ADMIN']);
    await person('asker-2', ['ADMIN']);
    const id = await person('asked-for', ['EDITOR']);
    const query = `mutation ($id: ID!) { changeAccountRoles(id: $id, version: 1, roles: [EDITOR, ADMIN]) { asOf } }`;
    expect((await ask(await tokenOf('asker'), query, { id })).code).toBeUndefined();
    await on('admin', 'disableAccount', asker);
    expect(await on('admin2', 'approveAccountRoles', id)).toBe('FORBIDDEN');
  });
});

describe('enableAccount', () => {
  it('lets an account in without VALIDATOR, DUTY_OFFICER and ADMIN, which a second ADMIN gives back (I-29)', async () => {
    const id = await person('returns', ['EDITOR', 'VALIDATOR', 'DUTY_OFFICER']);
    expect(await on('admin', 'disableAccount', id)).toMatchObject({ disabledAt: expect.any(String) });
    expect(await on('admin2', 'approveAccountRoles', id)).toBe('WRONG_STAGE');
    expect(await on('admin', 'enableAccount', id)).toMatchObject({
      disabledAt: null,
      roles: ['EDITOR'],
      roleRequest: { roles: ['VALIDATOR', 'DUTY_OFFICER'] },
    });
    expect(await rolesOf('returns')).toEqual(['EDITOR']);
    expect(await on('admin', 'approveAccountRoles', id)).toBe('FORBIDDEN');
    expect(await on('admin2', 'approveAccountRoles', id)).toMatchObject({
      roles: ['EDITOR', 'VALIDATOR', 'DUTY_OFFICER'],
    });
  });
});

describe('the last ADMIN of the issuers', () => {
  it('stays, also where two take each other away at the same moment (I-30)', async () => {
    const [one, two] = [await person('last-1', ['ADMIN']), await person('last-2', ['ADMIN'])];
    await desk.asOwner(
      'set session_replication_role = replica',
      `update account set roles = '{EDITOR}' where 'ADMIN' = any(roles) and issuer <> 'development' and subject not like 'last-%'`,
    );
    const query = 'mutation ($id: ID!) { disableAccount(id: $id, version: 1) { asOf } }';
    const answers = await Promise.all([
      ask(await tokenOf('last-1'), query, { id: two }, first),
      ask(await tokenOf('last-2'), query, { id: one }, second),
    ]);
    // One comes first; the other is refused by I-30, or at the door where its own account is disabled by then.
    const [refusal, done] = answers.map(({ code }) => code ?? 'disabled').sort();
    expect(done).toBe('disabled');
    expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(refusal);
    const left = await owner<{ id: string }>(
      `select id from account where 'ADMIN' = any(roles) and disabled_at is null and issuer <> 'development'`,
    );
    expect(left).toHaveLength(1);
    expect(await on('admin', 'disableAccount', left[0]!.id)).toBe('FORBIDDEN');
    expect(await on('admin', 'changeAccountRoles', left[0]!.id, ['EDITOR'])).toBe('FORBIDDEN');
  });
});

describe('every gift of roles', () => {
  it('leaves an audit entry with who did it, and a state that follows on the state before', async () => {
    const id = await person('audited', ['EDITOR']);
    await on('admin', 'changeAccountRoles', id, ['EDITOR', 'VALIDATOR']);
    await on('admin2', 'approveAccountRoles', id);
    await on('admin', 'disableAccount', id);
    await on('admin', 'enableAccount', id);
    const entries = await owner<{ action: string; subject: string; before: string; after: string; name: string }>(
      `select e.action, e.state_before as before, e.state_after as after, a.subject as name
       from audit_entry e join account a on a.id = e.actor where e.subject = $1 order by e.position`,
      id,
    );
    expect(entries.map(({ action, name }) => [action, name])).toEqual([
      ['changeAccountRoles', 'admin'],
      ['approveAccountRoles', 'admin2'],
      ['disableAccount', 'admin'],
      ['enableAccount', 'admin'],
    ]);
    expect(entries.slice(1).map(({ before }) => before)).toEqual(entries.slice(0, -1).map(({ after }) => after));
    expect(new Set(entries.map(({ after }) => after)).size).toBe(entries.length);
  });

  it('is UNAVAILABLE while the database is away: nothing is half given, and who was let in stays in', async () => {
    const proxy = await FaultProxy.to(desk.url);
    const { url: address, audience } = desk.staff;
    const cutOff = await startHub({
      url: proxy.databaseUrl,
      more: { issuers: [{ address, audience, roles: [] }], rolesFrom: 'accounts' },
    });
    onTestFinished(async () => {
      await cutOff.close();
      await proxy.close();
    });
    await person('inside', ['EDITOR']);
    expect(await rolesOf('inside', cutOff)).toEqual(['EDITOR']);
    const { secret } = await invite(['CHECKER']);
    const newcomer = await tokenOf('newcomer');
    proxy.leadTo('postgresql://127.0.0.1:1/');
    proxy.cut();
    expect(await accept(newcomer, secret, cutOff)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(await rolesOf('inside', cutOff)).toEqual(['EDITOR']);
    proxy.leadTo(desk.url);
    await expect
      .poll(async () => (await accept(newcomer, secret, cutOff)).code, { timeout: PATIENCE_MS })
      .toBeUndefined();
    expect(await rolesOf('newcomer')).toEqual(['CHECKER']);
  });
});
