import { setTimeout as after } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { draft } from '../../support/desk/desk.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { type Hub, startHub, tokens } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** Two hubs on one database: accounts are managed at the first, and people follow both. */
const { url } = await testDatabase();
const first = await startHub({ url });
const second = await startHub({ url });
afterAll(async () => {
  await first.close();
  await second.close();
});

interface Managed {
  id: string;
  name: string;
  administration: { version: number; issuer: string; subject: string; disabledAt: string | null };
}
const MANAGED = 'id name administration { version issuer subject disabledAt }';

const idOf = async (persona: 'editor' | 'editor2' | 'admin'): Promise<string> =>
  (await first.as(persona).request<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;

async function managed(id: string): Promise<Managed> {
  const { accounts } = await first
    .as('admin')
    .request<{ accounts: { nodes: Managed[] } }>(`{ accounts(first: 100) { nodes { ${MANAGED} } } }`);
  return accounts.nodes.find((account) => account.id === id)!;
}

async function change(mutation: 'disableAccount' | 'enableAccount', id: string): Promise<Managed> {
  const { version } = (await managed(id)).administration;
  const answer = await first
    .as('admin')
    .request<Record<string, { account: Managed }>>(
      `mutation ($id: ID!, $version: Int!) { ${mutation}(id: $id, version: $version) { account { ${MANAGED} } } }`,
      { id, version },
    );
  return answer[mutation]!.account;
}

const authorization = `Bearer ${tokens.editor2}`;
const stream = (hub: Hub, query: string) =>
  fetch(`${hub.url}/graphql/stream?query=${encodeURIComponent(query)}`, {
    headers: { authorization, accept: 'text/event-stream' },
  });
const viewer = (hub: Hub) =>
  fetch(`${hub.url}/graphql?query=${encodeURIComponent('{viewer{id}}')}`, { headers: { authorization } });

/** When a promise settled, in milliseconds since 1970; never later than a minute from now. */
const timeOf = async (settled: Promise<unknown>): Promise<number> => {
  await Promise.race([settled, after(PATIENCE_MS, undefined, { ref: false })]);
  return Date.now();
};

describe('an account that is disabled', () => {
  it('hears nothing more on any hub within a second, over WebSockets and streams, and its tokens are refused', async () => {
    const id = await idOf('editor2');
    const hubs = [first, second];
    const asked = await Promise.all(hubs.map(viewer));
    expect(asked.map(({ status }) => status)).toEqual([200, 200]);
    const sockets = await Promise.all(hubs.map(({ url: at }) => new RawSocket(at).init({ authorization })));
    for (const socket of sockets) {
      await socket.subscribe('1', 'subscription { deskChanges { at } }');
      await socket.subscribe('2', 'subscription { changes { cursor } }');
    }
    const streams = await Promise.all(
      hubs.flatMap((hub) => [
        stream(hub, 'subscription { deskChanges { at } }'),
        stream(hub, 'subscription { changes { cursor } }'),
      ]),
    );
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const bystander = await new RawSocket(second.url).init({ authorization: `Bearer ${tokens.editor}` });
    await bystander.subscribe('1', 'subscription { deskChanges { at } }');
    // A subscription begins some time after it was asked for, and hears of what comes from then on.
    const followers = [...sockets, bystander];
    const followed = async () => {
      await draft(first, 'Alert');
      return followers.every((follower) => follower.of('1').length > 0);
    };
    await expect.poll(followed, { timeout: PATIENCE_MS, interval: 500 }).toBe(true);

    const ends = [...sockets.map((socket) => socket.ended()), ...streams.map((one) => one.text())].map(timeOf);
    const account = await change('disableAccount', id);
    const answered = Date.now();
    const ended = await Promise.all(ends);
    expect(account.administration).toMatchObject({
      issuer: 'development',
      subject: 'editor2',
      disabledAt: expect.any(String),
    });
    expect(Math.max(...ended) - answered).toBeLessThan(1_000);
    expect(sockets.map(({ closed }) => closed)).toEqual(
      hubs.map(() => ({ code: 4403, reason: 'The account has changed' })),
    );
    for (const hub of hubs) {
      const refused = await viewer(hub);
      expect([refused.status, await refused.json()]).toEqual([
        401,
        { errors: [{ message: 'this account is disabled', extensions: { code: 'UNAUTHENTICATED' } }] },
      ]);
      expect((await stream(hub, 'subscription { changes { cursor } }')).status).toBe(401);
      const again = new RawSocket(hub.url);
      await again.say({ type: 'connection_init', payload: { authorization } });
      expect((await again.ended()).code).toBe(4403);
    }
    const heard = followers.map((follower) => follower.of('1').length);
    await draft(first, 'Advice');
    await bystander.until(() => bystander.of('1').length > (heard[2] ?? 0));
    expect(sockets.map((socket) => socket.of('1').length)).toEqual(heard.slice(0, 2));
    await bystander.end();

    expect((await change('enableAccount', id)).administration.disabledAt).toBeNull();
    const back = async () => (await Promise.all(hubs.map(viewer))).every(({ status }) => status === 200);
    await expect.poll(back, { timeout: PATIENCE_MS }).toBe(true);
  });

  it('may do nothing by a hub that has not heard of it: PostgreSQL refuses the deed (I-22)', async () => {
    const id = await idOf('editor2');
    await withSession(url, async (session) => {
      await session.query('alter table account disable trigger account_changed');
      await session.query('update account set disabled_at = now() where id = $1', [id]);
      const attempt = second.as('editor2').request('mutation { openIncident(slug: "x", title: "X") { asOf } }');
      await expect(attempt).rejects.toMatchObject({
        response: { errors: [{ message: 'this account is disabled', extensions: { code: 'FORBIDDEN' } }] },
      });
      const { rows } = await session.query(`select 1 from incident where slug = 'x'`);
      expect(rows).toEqual([]);
      await session.query('update account set disabled_at = null where id = $1', [id]);
      await session.query('alter table account enable trigger account_changed');
    });
  });

  it('is never one’s own, and not disabled or enabled twice', async () => {
    const own = await idOf('admin');
    await expect(change('disableAccount', own)).rejects.toMatchObject({
      response: { errors: [{ extensions: { code: 'INVALID_INPUT', fields: [{ path: 'id' }] } }] },
    });
    const id = await idOf('editor2');
    const wrongStage = { response: { errors: [{ extensions: { code: 'WRONG_STAGE' } }] } };
    await expect(change('enableAccount', id)).rejects.toMatchObject(wrongStage);
    await change('disableAccount', id);
    await expect(change('disableAccount', id)).rejects.toMatchObject(wrongStage);
    await change('enableAccount', id);
  });

  it('is seen by administrators alone', async () => {
    const { viewer: seen } = await first.as('editor').request<{ viewer: Managed }>(`{ viewer { ${MANAGED} } }`);
    expect(seen.administration).toBeNull();
  });
});
