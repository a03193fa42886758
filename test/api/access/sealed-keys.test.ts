import { PassThrough } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, refusal } from '../../support/desk/desk.ts';
import { bearing, sealInto } from '../../support/desk/machines.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';
import { startIssuer } from '../../support/hub/issuer.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** Two hubs whose issuer is away for good, and a third for which it is nine hours later. */
const { url } = await testDatabase();
const issuer = await startIssuer();
const staff = await issuer.token({ roles: ['DUTY_OFFICER'] });
await issuer.close();
const oidc = { issuer: issuer.url, audience: issuer.audience };
const log = new PassThrough();
let written = '';
log.on('data', (piece) => (written += String(piece)));
const logged = (name: string) => pino({ level: 'trace', base: { hub: name } }, log);
const first = await startHub({ url, oidc, logger: logged('first') });
const second = await startHub({ url, oidc, logger: logged('second'), more: { rolesFrom: 'accounts' } });
const NINE_HOURS = 9 * 3600_000;
const later = await startHub({ url, clock: { now: () => new Date(Date.now() + NINE_HOURS) } });
afterAll(async () => {
  for (const hub of [first, second, later]) await hub.close();
});

interface Opened {
  secret: string;
  expiresAt: string;
  account: { id: string; name: string };
}
const OPEN = 'mutation ($name: String!) { openSealedKey(name: $name) { secret expiresAt account { id name } } }';
const open = async (hub: Hub, key: string, name = 'Claire Moreau'): Promise<Opened> =>
  (await bearing(hub, key).request<{ openSealedKey: Opened }>(OPEN, { name })).openSealedKey;
const roles = async (hub: Hub, token: string) =>
  (await bearing(hub, token).request<{ viewer: { roles: string[] } }>('{ viewer { roles } }')).viewer.roles;
const statusOf = async (hub: Hub, token: string) =>
  (await fetch(`${hub.url}/graphql?query={viewer{id}}`, { headers: { authorization: `Bearer ${token}` } })).status;

interface Sealed {
  id: string;
  version: number;
  name: string;
  openedBy: string | null;
  openedAt: string | null;
  sessionUntil: string | null;
  withdrawnAt: string | null;
  account: { id: string };
}
const listed = async (): Promise<Sealed[]> =>
  (
    await first
      .as('admin')
      .request<{ sealedKeys: { nodes: Sealed[] } }>(
        '{ sealedKeys(first: 100) { nodes { id version name openedBy openedAt sessionUntil withdrawnAt account { id } } } }',
      )
  ).sealedKeys.nodes;
const ofAccount = async (id: string): Promise<Sealed> => (await listed()).find(({ account }) => account.id === id)!;
const withdraw = (hub: Hub, { id, version }: Sealed) =>
  hub
    .as('admin')
    .request('mutation ($id: ID!, $version: Int!) { withdrawSealedKey(id: $id, version: $version) { asOf } }', {
      id,
      version,
    });
const figure = async (name: string): Promise<number> => {
  const text = await (await fetch(`${first.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
};
const two = async (): Promise<[string, string]> => {
  const { sealed } = await sealInto(url);
  return [sealed[0]!.key, sealed[1]!.key];
};

describe('with the issuer away', () => {
  it('nobody signs in, and a sealed key opens the desk to a duty officer, who warns the public', async () => {
    expect(await statusOf(first, staff)).toBe(503);
    const [key] = await two();
    const { secret, expiresAt, account } = await open(first, key);
    expect(account.name).toBe('Claire Moreau (Clé scellée 1)');
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(7.9 * 3600_000);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(8 * 3600_000);
    for (const hub of [first, second]) expect(await roles(hub, secret)).toEqual(['EDITOR', 'DUTY_OFFICER']);
    const input = alertInput({ urgency: 'IMMEDIATE' });
    const { draftAlert } = await bearing(second, secret).request<{
      draftAlert: { dossier: { id: string; version: number } };
    }>('mutation ($input: AlertInput!) { draftAlert(input: $input) { dossier { id version } } }', { input });
    const { id, version } = draftAlert.dossier;
    await bearing(second, secret).request(
      `mutation { publishDossierUrgently(id: "${id}", version: ${version}, reason: "Vies en danger") { asOf } }`,
    );
    const { publication } = await first
      .as()
      .request<{ publication: object | null }>(`{ publication(id: "${id}") { id } }`);
    expect(publication).not.toBeNull();
    for (const query of [
      '{ accounts { totalCount } }',
      '{ apiKeys { totalCount } }',
      '{ sealedKeys { totalCount } }',
      `mutation { approveDossier(id: "${id}", version: 1) { asOf } }`,
      `mutation { giveAllClear(id: "${id}", version: 1, texts: []) { asOf } }`,
    ])
      expect([query, (await refusal(bearing(first, secret).request(query))).code]).toEqual([query, 'FORBIDDEN']);
  });

  it('it is told aloud: in the log of every hub as an error, by a figure, in the audit log, to administrators', async () => {
    const [key, other] = await two();
    const before = await figure('tocsin_sealed_sessions');
    written = '';
    const { secret, account } = await open(second, key, 'Karim Benali');
    const sealed = await ofAccount(account.id);
    const lines = () =>
      [...written.matchAll(/^\{.*\}$/gm)]
        .map(([line]) => JSON.parse(line))
        .filter(({ msg }) => String(msg).startsWith('a sealed key was opened'));
    await expect.poll(() => lines().length).toBe(2);
    expect(lines().map(({ level, sealedKey, openedBy, name }) => [level, sealedKey, openedBy, name])).toEqual(
      [1, 2].map(() => [50, sealed.id, 'Karim Benali', 'Clé scellée 1']),
    );
    expect(new Set(lines().map(({ hub }) => hub))).toEqual(new Set(['first', 'second']));
    expect(await figure('tocsin_sealed_sessions')).toBe(before + 1);
    expect(await figure('tocsin_sealed_keys')).toBe(1);
    expect(sealed).toMatchObject({ openedBy: 'Karim Benali', openedAt: expect.any(String), withdrawnAt: null });
    const { rows } = await withSession(url, (session) =>
      session.query('select action, actor from audit_entry where subject = $1 order by position', [sealed.id]),
    );
    expect(rows).toEqual([
      { action: 'sealKeys', actor: null },
      { action: 'openSealedKey', actor: account.id },
    ]);
    for (const one of [key, other, secret]) {
      expect(written).not.toContain(one);
      expect(written).not.toContain(one.slice(14));
    }
  });

  it('the session ends by itself after 8 hours, on every hub', async () => {
    const [key] = await two();
    const { secret } = await open(first, key);
    expect(await statusOf(first, secret)).toBe(200);
    expect(await statusOf(later, secret)).toBe(401);
  });

  it('an administrator ends it within a second, on every hub', async () => {
    const [key] = await two();
    const { secret, account } = await open(first, key);
    const sockets = await Promise.all(
      [first, second].map(({ url: at }) => new RawSocket(at).init({ authorization: `Bearer ${secret}` })),
    );
    for (const socket of sockets) await socket.subscribe('1', 'subscription { deskChanges { at } }');
    const ends = sockets.map(async (socket) => {
      await Promise.race([socket.ended(), after(PATIENCE_MS, undefined, { ref: false })]);
      return Date.now();
    });
    await withdraw(first, await ofAccount(account.id));
    const answered = Date.now();
    expect(Math.max(...(await Promise.all(ends))) - answered).toBeLessThan(1_000);
    expect(sockets.map(({ closed }) => closed?.code)).toEqual([4403, 4403]);
    for (const hub of [first, second]) expect(await statusOf(hub, secret)).toBe(401);
  });
});

describe('a sealed key', () => {
  it('opens one session, also where two open it at the same moment at two hubs', async () => {
    for (let round = 0; round < 3; round += 1) {
      const [key] = await two();
      const attempts = await Promise.allSettled(
        Array.from({ length: 6 }, (_, n) => open(n % 2 === 0 ? first : second, key, `Officier ${n}`)),
      );
      const opened = attempts.filter(({ status }) => status === 'fulfilled');
      expect(opened).toHaveLength(1);
      const { value } = opened[0] as PromiseFulfilledResult<Opened>;
      expect(await roles(second, value.secret)).toEqual(['EDITOR', 'DUTY_OFFICER']);
      expect((await ofAccount(value.account.id)).openedBy).toMatch(/^Officier \d$/);
      expect(value.account.name).toContain(String((await ofAccount(value.account.id)).openedBy));
    }
  });

  it('is good once, opens nothing before, and is no token of the session afterwards', async () => {
    const [key] = await two();
    expect(await roles(first, key)).toEqual([]);
    expect((await refusal(bearing(first, key).request('{ dossiers { totalCount } }'))).code).toBe('FORBIDDEN');
    expect((await refusal(open(first, key, ' \u200b '))).code).toBe('INVALID_INPUT');
    const { secret } = await open(first, key.toLowerCase());
    for (const hub of [first, second]) expect(await statusOf(hub, key)).toBe(401);
    expect((await refusal(open(first, secret))).code).toBe('WRONG_STAGE');
  });

  it('is withdrawn by the next two, and by an administrator', async () => {
    const [one, other] = await two();
    const [fresh, spare] = await two();
    for (const key of [one, other]) expect(await statusOf(first, key)).toBe(401);
    const newest = (await listed()).filter(({ openedAt, withdrawnAt }) => openedAt === null && withdrawnAt === null);
    expect(newest.map(({ name }) => name).sort()).toEqual(['Clé scellée 1', 'Clé scellée 2']);
    await withdraw(second, newest.find(({ name }) => name === 'Clé scellée 2')!);
    expect(await statusOf(second, spare)).toBe(401);
    await open(second, fresh);
  });

  it('is sealed by no mutation, and opened by no role', async () => {
    const { __schema } = await first
      .as()
      .request<{ __schema: { mutationType: { fields: { name: string }[] } } }>(
        '{ __schema { mutationType { fields { name } } } }',
      );
    const named = __schema.mutationType.fields.map(({ name }) => name).filter((name) => /Seal/.test(name));
    expect(named.sort()).toEqual(['openSealedKey', 'withdrawSealedKey']);
    expect((await refusal(first.as('admin').request(OPEN, { name: 'x' }))).code).toBe('FORBIDDEN');
    expect((await refusal(first.as().request(OPEN, { name: 'x' }))).code).toBe('UNAUTHENTICATED');
  });
});

describe('PostgreSQL itself (I-28)', () => {
  const refused = async (statement: string, parameters: unknown[], message: RegExp) =>
    withSession(url, (session) => expect(session.query(statement, parameters)).rejects.toThrow(message));

  it('lets nobody, not even the owner of the tables, open a key twice, or for longer, or bring one back', async () => {
    const [key, spare] = await two();
    const { account } = await open(first, key);
    const { id } = await ofAccount(account.id);
    const change = (set: string, message: RegExp) =>
      refused(`update sealed_key set ${set} where id = $1`, [id], message);
    await change('opened_at = null, session_hash = null', /opened once/);
    await change(`session_until = session_until + interval '1 minute'`, /opened once/);
    await change(`session_hash = 'x'`, /opened once/);
    await change(`hash = 'x'`, /stays as it was sealed/);
    await refused('delete from sealed_key where id = $1', [id], /never deleted/);
    await refused(
      `update account set roles = '{VALIDATOR}' where id = $1`,
      [account.id],
      /a duty officer, and nobody else/,
    );
    await refused(
      `update account set issuer = 'https://issuer.example' where id = $1`,
      [account.id],
      /a duty officer, and nobody else/,
    );
    await withdraw(first, await ofAccount(account.id));
    await change('withdrawn_at = null', /stays withdrawn/);
    const unopened = (await listed()).find(({ openedAt, withdrawnAt }) => !openedAt && !withdrawnAt)!;
    await refused(
      `update sealed_key set opened_at = now(), opened_by = 'x', session_hash = 'x', session_until = now() + interval '9 hours' where id = $1`,
      [unopened.id],
      /8 hours at most/,
    );
    expect(await statusOf(first, spare)).toBe(200);
  });

  it('keeps no more than two sealed, whoever seals', async () => {
    await two();
    await refused(
      `insert into sealed_key (id, version, account_id, name, hash, sealed_at)
       select gen_random_uuid(), 1, account_id, 'x', 'x', now() from sealed_key limit 1`,
      [],
      /at most two/,
    );
    const sealings = await Promise.allSettled([sealInto(url), sealInto(url)]);
    expect(sealings.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await listed()).filter(({ openedAt, withdrawnAt }) => !openedAt && !withdrawnAt)).toHaveLength(2);
  });
});
