import { setTimeout as after } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { type Hub, startHub, tokens } from '../../support/hub/hub.ts';
import { startIssuer } from '../../support/hub/issuer.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** Two hubs on one database, where accounts say what people may do. */
const issuer = await startIssuer();
const { url } = await testDatabase();
const options = {
  url,
  oidc: { issuer: issuer.url, audience: issuer.audience },
  more: { rolesFrom: 'accounts' },
} as const;
const first = await startHub(options);
const second = await startHub(options);
afterAll(async () => {
  await first.close();
  await second.close();
  await issuer.close();
});

const owner = (statement: string, ...values: unknown[]) =>
  withSession(url, async (session) => (await session.query(statement, values)).rows);
const authorization = `Bearer ${tokens.editor2}`;
const ask = (hub: Hub, token = authorization) =>
  fetch(`${hub.url}/graphql?query=${encodeURIComponent('{viewer{id roles}}')}`, { headers: { authorization: token } });
const rolesAt = async (hub: Hub) => (await (await ask(hub)).json()).data?.viewer.roles;
const stream = (hub: Hub) =>
  fetch(`${hub.url}/graphql/stream?query=${encodeURIComponent('subscription { deskChanges { at } }')}`, {
    headers: { authorization, accept: 'text/event-stream' },
  });
const give = (roles: string) =>
  owner(`update account set roles = $1 where issuer = 'development' and subject = 'editor2'`, roles);

/** When a promise settled, in milliseconds since 1970; never later than a minute from now. */
const timeOf = async (settled: Promise<unknown>): Promise<number> => {
  await Promise.race([settled, after(PATIENCE_MS, undefined, { ref: false })]);
  return Date.now();
};

describe('the roles of an account', () => {
  it('are a persona’s own at the first visit, and afterwards what was decided', async () => {
    expect(await rolesAt(first)).toEqual(['EDITOR']);
    await give('{CHECKER}');
    await expect.poll(() => rolesAt(first), { timeout: PATIENCE_MS }).toEqual(['CHECKER']);
    await give('{EDITOR}');
    await expect.poll(() => rolesAt(second), { timeout: PATIENCE_MS }).toEqual(['EDITOR']);
  });

  it('end the WebSockets and streams of every hub within a second of a change, and those who come back are judged anew', async () => {
    const hubs = [first, second];
    for (const hub of hubs) await expect.poll(() => rolesAt(hub), { timeout: PATIENCE_MS }).toEqual(['EDITOR']);
    const sockets = await Promise.all(hubs.map(({ url: at }) => new RawSocket(at).init({ authorization })));
    for (const socket of sockets) await socket.subscribe('1', 'subscription { deskChanges { at } }');
    const streams = await Promise.all(hubs.map(stream));
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    const ends = [...sockets.map((socket) => socket.ended()), ...streams.map((one) => one.text())].map(timeOf);
    await give('{VOLUNTEER}');
    const answered = Date.now();
    expect(Math.max(...(await Promise.all(ends))) - answered).toBeLessThan(1_000);
    expect(sockets.map(({ closed }) => closed)).toEqual(
      hubs.map(() => ({ code: 4403, reason: 'The account has changed' })),
    );
    const back = await new RawSocket(second.url).init({ authorization });
    await back.subscribe('1', 'subscription { deskChanges { at } }');
    await back.until(() => back.of('1').length > 0);
    expect(back.of('1')).toMatchObject([{ type: 'error', payload: [{ extensions: { code: 'FORBIDDEN' } }] }]);
    await back.end();
    await give('{EDITOR}');
  });

  it('that are none let nobody in, over WebSockets and streams neither', async () => {
    await give('{}');
    await expect.poll(async () => (await ask(second)).status, { timeout: PATIENCE_MS }).toBe(401);
    expect(await (await ask(second)).json()).toMatchObject({
      errors: [{ message: expect.stringContaining('no roles'), extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect((await stream(second)).status).toBe(401);
    const socket = new RawSocket(second.url);
    await socket.say({ type: 'connection_init', payload: { authorization } });
    expect((await socket.ended()).code).toBe(4403);
    await give('{EDITOR}');
    await expect.poll(() => rolesAt(second), { timeout: PATIENCE_MS }).toEqual(['EDITOR']);
  });

  it('are what counts, whatever a token claims: nobody comes in whom the hub does not know, and no account is made', async () => {
    const token = `Bearer ${await issuer.token({ sub: 'never-invited', roles: ['VALIDATOR', 'ADMIN'] })}`;
    expect((await ask(first, token)).status).toBe(401);
    expect(await owner(`select 1 from account where subject = 'never-invited'`)).toEqual([]);
    for (const [subject, roles] of [
      ['known', '{CHECKER}'],
      ['undecided', null],
    ])
      await owner(
        `insert into account (id, version, issuer, subject, name, created_at, roles)
         values (gen_random_uuid(), 1, $1, $2, 'Known', now(), $3)`,
        ...[issuer.url, subject, roles],
      );
    const undecided = await issuer.token({ sub: 'undecided', roles: ['ADMIN'] });
    expect((await ask(first, `Bearer ${undecided}`)).status).toBe(401);
    const known = await ask(first, `Bearer ${await issuer.token({ sub: 'known', roles: ['ADMIN'] })}`);
    expect((await known.json()).data.viewer.roles).toEqual(['CHECKER']);
  });

  it('that were taken away open nothing by a hub that has not heard of it: PostgreSQL refuses the deed (I-25)', async () => {
    const open = (slug: string) =>
      second.as('editor2').request(`mutation { openIncident(slug: "${slug}", title: "X") { asOf } }`);
    await expect.poll(() => rolesAt(second), { timeout: PATIENCE_MS }).toEqual(['EDITOR']);
    await open('before');
    await owner('alter table account disable trigger account_changed');
    await give('{VOLUNTEER}');
    await expect(open('unheard')).rejects.toMatchObject({
      response: { errors: [{ message: 'a role was taken from this account', extensions: { code: 'FORBIDDEN' } }] },
    });
    expect(await owner(`select slug from incident where slug in ('before', 'unheard')`)).toEqual([{ slug: 'before' }]);
    await owner('alter table account enable trigger account_changed');
    await give('{EDITOR}');
  });
});
