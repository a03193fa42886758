import { describe, expect, it } from 'vitest';
import { administrationDesk } from '../../support/desk/administration-desk.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { tokens } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const desk = await administrationDesk();
const { first, second, staff, volunteers, owner, tokenOf, ask, asAdmin, invite, onInvitation, accept, viewer } = desk;

const LIST = `{ invitations(first: 100) { nodes {
  id version name roles state invitedBy { id name } approvedBy { id name } withdrawnBy { id name } acceptedBy { id name } expiresAt } } }`;
const listed = async (id: string) => {
  const { data } = await asAdmin('admin', LIST);
  const { nodes } = (data as unknown as { invitations: { nodes: { id: string; state: string }[] } }).invitations;
  return nodes.find((one) => one.id === id);
};
const entriesOf = (action: string) =>
  owner<{ actor: string | null; subject: string }>(
    'select actor, subject from audit_entry where action = $1 order by position desc',
    action,
  );

describe('an invitation', () => {
  it('lets a person in whom nobody knew, by the first use of its secret, on every hub', async () => {
    const token = await tokenOf('jeanne');
    expect(await viewer(token)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    const { secret, invitation } = await invite(['CHECKER', 'EDITOR', 'EDITOR']);
    expect(invitation).toMatchObject({ state: 'READY', name: 'Jeanne Martin', roles: ['CHECKER', 'EDITOR'] });
    const { status, data } = await accept(token, secret);
    expect([status, data]).toMatchObject([200, { acceptInvitation: { account: { name: 'jeanne' } } }]);
    for (const hub of [first, second])
      expect((await viewer(token, hub)).data).toMatchObject({ viewer: { roles: ['CHECKER', 'EDITOR'] } });
    const { id } = (data as unknown as { acceptInvitation: { account: { id: string } } }).acceptInvitation.account;
    expect(await listed(invitation.id)).toMatchObject({
      state: 'ACCEPTED',
      acceptedBy: { id },
      invitedBy: { name: 'Administration' },
    });
    expect((await entriesOf('acceptInvitation'))[0]).toEqual({ actor: id, subject: id });
    expect((await entriesOf('inviteAccount'))[0]?.subject).toBe(invitation.id);
  });

  it('is the one thing that a person without roles may use, by POST, and alone in its operation', async () => {
    const token = await tokenOf('stranger');
    const { secret } = await invite(['EDITOR']);
    const inOne = (more: string) =>
      ask(token, `mutation ($secret: String!) { acceptInvitation(secret: $secret) { asOf } ${more} }`, { secret });
    for (const more of [
      'openIncident(slug: "x", title: "X") { asOf }',
      '... on Mutation { openIncident(slug: "y", title: "Y") { asOf } }',
    ])
      expect(await inOne(more)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', data: undefined });
    for (const query of ['{ viewer { id } }', '{ alerts { totalCount } }', '{ __typename }'])
      expect(await ask(token, query)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const query = encodeURIComponent('subscription { changes { cursor } }');
    expect((await fetch(`${first.url}/graphql/stream?query=${query}`, { headers })).status).toBe(401);
    expect((await fetch(`${first.url}/desk/reports.geojson`, { headers })).status).toBe(401);
    const socket = new RawSocket(first.url);
    await socket.say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect((await socket.ended()).code).toBe(4403);
    expect(await accept(token, 'invitation_guessed')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await owner(`select 1 from account where subject = 'stranger'`)).toEqual([]);
    expect((await accept(token, secret)).status).toBe(200);
  });

  it('needs a token: a secret alone opens nothing', async () => {
    const { secret } = await invite(['EDITOR']);
    expect(await accept('nonsense', secret)).toMatchObject({ status: 401 });
    const query = 'mutation ($secret: String!) { acceptInvitation(secret: $secret) { asOf } }';
    await expect(first.as().request(query, { secret })).rejects.toMatchObject({
      response: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
  });

  it('is bound to issuer and subject: the same subject of another issuer comes too late, and stays outside', async () => {
    const { secret } = await invite(['CHECKER']);
    const [one, other] = [await tokenOf('same', staff), await tokenOf('same', volunteers)];
    expect((await accept(one, secret)).status).toBe(200);
    expect(await accept(other, secret)).toMatchObject({
      code: 'WRONG_STAGE',
      message: expect.stringMatching('already'),
    });
    expect(await viewer(other)).toMatchObject({ status: 401 });
    expect(await owner('select 1 from account where issuer = $1', volunteers.url)).toEqual([]);
  });

  it('is accepted once, however many come with it at the same moment, by whichever hub', async () => {
    const { secret } = await invite(['CHECKER']);
    const people = await Promise.all(['a', 'b', 'c', 'd'].map((name) => tokenOf(`race-${name}`)));
    const answers = await Promise.all(people.map((token, index) => accept(token, secret, index % 2 ? first : second)));
    expect(answers.map(({ code }) => code ?? 'accepted').sort()).toEqual([
      ...['WRONG_STAGE', 'WRONG_STAGE', 'WRONG_STAGE', 'accepted'],
    ]);
    expect(await owner(`select roles from account where subject like 'race-%'`)).toEqual([{ roles: ['CHECKER'] }]);
  });

  it('sent twice at once by the same person gives one account', async () => {
    const { secret } = await invite(['CHECKER']);
    const token = await tokenOf('twice');
    const answers = await Promise.all([accept(token, secret, first), accept(token, secret, second)]);
    expect(answers.map(({ code }) => code ?? 'accepted').sort()).toEqual(['WRONG_STAGE', 'accepted']);
    expect(await owner(`select roles from account where subject = 'twice'`)).toEqual([{ roles: ['CHECKER'] }]);
  });

  it('ends after seven days by PostgreSQL’s clock: one second late is too late', async () => {
    const { secret, invitation } = await invite(['EDITOR']);
    const [row] = await owner<{ days: number }>(
      `select extract(epoch from expires_at - invited_at)::int / 86400 as days from invitation where id = $1`,
      invitation.id,
    );
    expect(row?.days).toBe(7);
    const move = (to: string) =>
      desk.asOwner(
        'alter table invitation disable trigger invitation_guard',
        `update invitation set expires_at = ${to} where id = '${invitation.id}'`,
        'alter table invitation enable trigger invitation_guard',
      );
    await move(`now() - interval '1 second'`);
    expect(await accept(await tokenOf('late'), secret)).toMatchObject({
      code: 'WRONG_STAGE',
      message: expect.stringContaining('seven days'),
    });
    expect(await listed(invitation.id)).toMatchObject({ state: 'EXPIRED' });
    await move(`now() + interval '1 hour'`);
    expect((await accept(await tokenOf('late'), secret)).status).toBe(200);
  });

  it('that is withdrawn while somebody accepts it is one or the other', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { secret, invitation } = await invite(['CHECKER']);
      const token = await tokenOf(`torn-${round}`);
      const [accepted, withdrawn] = await Promise.all([
        accept(token, secret, second),
        onInvitation('admin2', 'withdrawInvitation', invitation),
      ]);
      // The one that comes second sees another stage, or another version.
      const isAccepted = accepted.code === undefined;
      expect(isAccepted ? withdrawn.code : accepted.code).toMatch(/^(WRONG_STAGE|CONFLICT)$/);
      expect(isAccepted ? accepted.code : withdrawn.code).toBeUndefined();
      expect(await listed(invitation.id)).toMatchObject({ state: isAccepted ? 'ACCEPTED' : 'WITHDRAWN' });
      expect((await viewer(token)).status).toBe(isAccepted ? 200 : 401);
    }
  });

  it('adds its roles to an account that is there, ends its sessions, and opens no account that is disabled', async () => {
    const id = await desk.person('there', ['VOLUNTEER']);
    const token = await tokenOf('there');
    const socket = await new RawSocket(second.url).init({ authorization: `Bearer ${token}` });
    const { secret } = await invite(['CHECKER']);
    expect((await accept(token, secret)).data).toMatchObject({ acceptInvitation: { account: { id } } });
    expect(await socket.ended()).toEqual({ code: 4403, reason: 'The account has changed' });
    expect((await viewer(token, second)).data).toMatchObject({ viewer: { id, roles: ['VOLUNTEER', 'CHECKER'] } });
    await owner('update account set disabled_at = now() where id = $1', id);
    await expect.poll(async () => (await viewer(token)).status, { timeout: PATIENCE_MS }).toBe(401);
    const { secret: another } = await invite(['EDITOR']);
    expect(await accept(token, another)).toMatchObject({ status: 401, message: 'this account is disabled' });
  });

  it('of an ADMIN who has been disabled since opens nothing', async () => {
    const gone = await desk.person('gone', ['ADMIN']);
    const query = 'mutation { inviteAccount(name: "X", roles: [EDITOR]) { secret } }';
    const { data } = await ask(await tokenOf('gone'), query);
    const { secret } = (data as unknown as { inviteAccount: { secret: string } }).inviteAccount;
    await desk.person('stays', ['ADMIN']);
    await owner('update account set disabled_at = now() where id = $1', gone);
    expect(await accept(await tokenOf('friend-of-gone'), secret)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await viewer(await tokenOf('friend-of-gone'))).toMatchObject({ status: 401 });
  });

  it('is named in plain text, and gives one role at least', async () => {
    const { invitation } = await invite(['EDITOR'], '  <b>Zoë</b> « O’Neil »\u200b 𝔘 \n née عمر  ');
    expect(invitation.name).toMatch(/^<b>Zoë<\/b> « O’Neil »\s?𝔘 née .*عمر/u);
    const query =
      'mutation ($name: String!, $roles: [StaffRole!]!) { inviteAccount(name: $name, roles: $roles) { asOf } }';
    for (const [name, roles] of [
      ['', ['EDITOR']],
      [' \u200b ', ['EDITOR']],
      ['a\u0000b', ['EDITOR']],
      ['a\u202eb', ['EDITOR']],
      ['x'.repeat(201), ['EDITOR']],
      ['Jeanne', []],
    ] as const)
      expect(await asAdmin('admin', query, { name, roles })).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('shows its secret once: nothing that is kept or listed holds it', async () => {
    const query = 'mutation { inviteAccount(name: "Clé", roles: [EDITOR]) { secret } }';
    const send = () =>
      fetch(`${first.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens.admin}`,
          'idempotency-key': 'invite-once',
        },
        body: JSON.stringify({ query }),
      }).then((answer) => answer.json());
    const { secret } = (await send()).data.inviteAccount;
    expect(Buffer.from(secret.replace('invitation_', ''), 'base64url')).toHaveLength(32);
    const tables = await owner<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`);
    for (const { name } of tables)
      expect([name, await owner(`select 1 from "${name}" t where t::text like $1`, `%${secret.slice(11)}%`)]).toEqual([
        name,
        [],
      ]);
    expect(JSON.stringify(await asAdmin('admin', LIST))).not.toContain(secret);
    expect((await send()).data.inviteAccount.secret).not.toBe(secret);
  });
});

describe('an invitation to VALIDATOR, DUTY_OFFICER or ADMIN (I-29)', () => {
  it('opens nothing until a second ADMIN approved it', async () => {
    const { secret, invitation } = await invite(['EDITOR', 'VALIDATOR']);
    expect(invitation.state).toBe('UNAPPROVED');
    const token = await tokenOf('sophie');
    expect(await accept(token, secret)).toMatchObject({ code: 'WRONG_STAGE' });
    expect(await onInvitation('admin', 'approveInvitation', invitation)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await onInvitation('admin2', 'approveInvitation', invitation)).data).toMatchObject({
      approveInvitation: { invitation: { state: 'READY' } },
    });
    expect((await accept(token, secret)).status).toBe(200);
    expect((await viewer(token)).data).toMatchObject({ viewer: { roles: ['EDITOR', 'VALIDATOR'] } });
  });

  it('is approved once, by two ADMINs at the same moment too', async () => {
    const third = await desk.person('third-admin', ['ADMIN']);
    const { invitation } = await invite(['ADMIN']);
    const { id, version } = invitation;
    const query = 'mutation ($id: ID!, $version: Int!) { approveInvitation(id: $id, version: $version) { asOf } }';
    const answers = await Promise.all([
      onInvitation('admin2', 'approveInvitation', invitation),
      ask(await tokenOf('third-admin'), query, { id, version }, second),
    ]);
    expect(answers.map(({ code }) => code ?? 'approved').sort()).toEqual(['CONFLICT', 'approved']);
    expect(await owner('select version from invitation where id = $1', id)).toEqual([{ version: version + 1 }]);
    expect(third).toBeTruthy();
  });

  it('needs no approval for other roles', async () => {
    const { invitation } = await invite(['SCHEDULER']);
    expect(await onInvitation('admin2', 'approveInvitation', invitation)).toMatchObject({ code: 'WRONG_STAGE' });
  });
});
