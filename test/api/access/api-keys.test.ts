import { setTimeout as after } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { FaultProxy } from '../../support/database/fault-proxy.ts';
import { draft, publishNew, refusal } from '../../support/desk/desk.ts';
import { bearing, inDays, type Machine, newMachine, revoke, rotate } from '../../support/desk/machines.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** Two hubs on one database, the second of which may lose it: keys are made at the first, and used at both. */
const { url } = await testDatabase();
const proxy = await FaultProxy.to(url);
const first = await startHub({ url });
const second = await startHub({ url: proxy.databaseUrl });
afterAll(async () => {
  await first.close();
  await second.close();
  await proxy.close();
});
const hubs = [first, second];

const viewer = async (hub: Hub, token: string) =>
  (
    await bearing(hub, token).request<{ viewer: { id: string; name: string; roles: string[] } }>(
      '{ viewer { id name roles } }',
    )
  ).viewer;
const statusOf = async (hub: Hub, token: string, path = `/graphql?query=${encodeURIComponent('{viewer{id}}')}`) =>
  (await fetch(`${hub.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
const stream = (hub: Hub, token: string) =>
  fetch(`${hub.url}/graphql/stream?query=${encodeURIComponent('subscription { changes { cursor } }')}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
const faultsOf = async (refused: Promise<unknown>): Promise<unknown> =>
  ((await refusal(refused)).fields as { path: string }[] | undefined)?.map(({ path }) => path);
/** When a promise settled, in milliseconds since 1970; never later than a minute from now. */
const timeOf = async (settled: Promise<unknown>): Promise<number> => {
  await Promise.race([settled, after(PATIENCE_MS, undefined, { ref: false })]);
  return Date.now();
};
const listed = async (id: string) => {
  const { apiKeys } = await first
    .as('admin')
    .request<{ apiKeys: { nodes: (Record<string, unknown> & { id: string })[] } }>(
      `{ apiKeys(first: 100) { nodes { id version name prefix roles pointsPerSecond lastUsedAt revokedAt previousUntil
         createdBy { name } account { id name administration { issuer subject disabledAt } } } } }`,
    );
  return apiKeys.nodes.find((node) => node.id === id)!;
};

describe('a key of a machine', () => {
  it('opens every door of every hub, as an account of its own, for its roles alone', async () => {
    const { apiKey, secret } = await newMachine(first);
    for (const hub of hubs) {
      expect(await viewer(hub, secret)).toEqual({
        id: apiKey.account.id,
        name: 'Barrière de la D31',
        roles: ['MARSHAL'],
      });
      expect(await statusOf(hub, secret)).toBe(200);
      const socket = await new RawSocket(hub.url).init({ authorization: `Bearer ${secret}` });
      expect(socket.heard).toEqual([{ type: 'connection_ack' }]);
      await socket.end();
      const byHeader = await new RawSocket(hub.url, { headers: { authorization: `Bearer ${secret}` } }).init();
      expect(byHeader.heard).toEqual([{ type: 'connection_ack' }]);
      await byHeader.end();
      const following = await stream(hub, secret);
      expect(following.status).toBe(200);
      await following.body?.cancel();
      // The door is open, and the map behind it is not for marshals.
      expect(await statusOf(hub, secret, '/desk/reports.geojson')).toBe(403);
      expect((await refusal(bearing(hub, secret).request('{ dossiers { totalCount } }'))).code).toBe('FORBIDDEN');
    }
    const { id } = await publishNew(first, 'Closure');
    await bearing(second, secret).request(
      `mutation { observeClosure(id: "${id}", state: IN_PLACE, observedAt: "${inDays(-0.001)}") { asOf } }`,
    );
    const { rows } = await withSession(url, (session) =>
      session.query(`select actor from audit_entry where action = 'observeClosure'`),
    );
    expect(rows).toEqual([{ actor: apiKey.account.id }]);
  });

  it('is shown once: in no list, no row and no audit entry', async () => {
    const { apiKey, secret } = await newMachine(first, { name: 'Planificateur', roles: ['SCHEDULER', 'SCHEDULER'] });
    expect(secret.startsWith(apiKey.prefix)).toBe(true);
    expect(await listed(apiKey.id)).toEqual({
      id: apiKey.id,
      version: 1,
      name: 'Planificateur',
      prefix: apiKey.prefix,
      roles: ['SCHEDULER'],
      pointsPerSecond: null,
      lastUsedAt: null,
      revokedAt: null,
      previousUntil: null,
      createdBy: { name: 'Administration' },
      account: {
        id: apiKey.account.id,
        name: 'Planificateur',
        administration: { issuer: 'key', subject: apiKey.id, disabledAt: null },
      },
    });
    await withSession(url, async (session) => {
      const { rows: tables } = await session.query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'public'`,
      );
      for (const { name } of tables) {
        const { rows } = await session.query(`select 1 from "${name}" t where t::text like $1`, [
          `%${secret.slice(10)}%`,
        ]);
        expect([name, rows]).toEqual([name, []]);
      }
      const { rows } = await session.query(
        'select action, state_before, state_after from audit_entry where subject = $1',
        [apiKey.id],
      );
      expect(rows).toEqual([{ action: 'createApiKey', state_before: null, state_after: expect.any(String) }]);
    });
  });

  it('is never kept under an Idempotency-Key, which would keep its secret', async () => {
    const input = { name: 'Deux fois', roles: ['MARSHAL'], expiresAt: inDays(1) };
    const ask = () =>
      first.as('admin').request<{ createApiKey: { secret: string } }>({
        document: 'mutation ($input: ApiKeyInput!) { createApiKey(input: $input) { secret } }',
        variables: { input },
        requestHeaders: { 'idempotency-key': 'twice' },
      });
    const [one, two] = [await ask(), await ask()];
    expect(one.createApiKey.secret).not.toBe(two.createApiKey.secret);
    const { rows } = await withSession(url, (session) => session.query('select 1 from kept_answer'));
    expect(rows).toEqual([]);
  });

  it('says when its machine last came in, to the minute', async () => {
    const { apiKey, secret } = await newMachine(first);
    expect((await listed(apiKey.id)).lastUsedAt).toBeNull();
    await viewer(second, secret);
    await expect.poll(async () => (await listed(apiKey.id)).lastUsedAt).not.toBeNull();
    const noted = (await listed(apiKey.id)).lastUsedAt;
    await viewer(first, secret);
    await viewer(first, secret);
    expect((await listed(apiKey.id)).lastUsedAt).toBe(noted);
  });

  it.each([
    ['of a role that takes two pairs of eyes', { roles: ['EDITOR', 'VALIDATOR'] }, ['input.roles.1']],
    ['of an administrator', { roles: ['ADMIN'] }, ['input.roles.0']],
    ['that publishes urgently', { roles: ['DUTY_OFFICER'] }, ['input.roles.0']],
    ['that reads what identifies people', { roles: ['CHECKER'] }, ['input.roles.0']],
    ['without a role', { roles: [] }, ['input.roles']],
    ['without a name', { name: ' \u200b ' }, ['input.name']],
    ['that was over yesterday', { expiresAt: inDays(-1) }, ['input.expiresAt']],
    ['that lasts two years', { expiresAt: inDays(730) }, ['input.expiresAt']],
    ['that may ask nothing', { pointsPerSecond: 0 }, ['input.pointsPerSecond']],
  ])('%s is not made', async (_what, more, paths) => {
    const before = await first.as('admin').request('{ apiKeys { totalCount } accounts { totalCount } }');
    expect(await faultsOf(newMachine(first, more))).toEqual(paths);
    expect(await first.as('admin').request('{ apiKeys { totalCount } accounts { totalCount } }')).toEqual(before);
  });

  it('has a quota of its own', async () => {
    const { secret } = await newMachine(first, { pointsPerSecond: 1_000 });
    const { secret: other } = await newMachine(first);
    const ask = (token: string) => bearing(first, token).request('{ viewer { id name roles } }');
    const refused = async (): Promise<unknown> => {
      for (let n = 0; n < 200; n += 1) {
        const error = await ask(secret).then(
          () => undefined,
          (reason) => reason,
        );
        if (error) return refusal(Promise.reject(error));
      }
      return undefined;
    };
    expect(await refused()).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      limit: { name: 'identityPoints', most: 20_000 },
    });
    await ask(other);
  });
});

describe('a key that is revoked', () => {
  it('is out within a second on every hub, over WebSockets and streams, and never comes back', async () => {
    const { apiKey, secret } = await newMachine(first, { roles: ['EDITOR'] });
    const sockets = await Promise.all(
      hubs.map(({ url: at }) => new RawSocket(at).init({ authorization: `Bearer ${secret}` })),
    );
    for (const socket of sockets) await socket.subscribe('1', 'subscription { deskChanges { at } }');
    const streams = await Promise.all(hubs.map((hub) => stream(hub, secret)));
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    await draft(first, 'Alert');
    await Promise.all(sockets.map((socket) => socket.until(() => socket.of('1').length === 1)));
    const ends = [...sockets.map((socket) => socket.ended()), ...streams.map((one) => one.text())].map(timeOf);
    await revoke(first, apiKey);
    const answered = Date.now();
    expect(Math.max(...(await Promise.all(ends))) - answered).toBeLessThan(1_000);
    expect(sockets.map(({ closed }) => closed?.code)).toEqual([4403, 4403]);
    for (const hub of hubs) {
      expect(await statusOf(hub, secret)).toBe(401);
      const again = new RawSocket(hub.url);
      await again.say({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } });
      expect((await again.ended()).code).toBe(4403);
    }
    const { account, ...key } = await listed(apiKey.id);
    expect(key.revokedAt).not.toBeNull();
    // An administrator who lets the account in again lets in nobody: the key stays revoked.
    await first
      .as('admin')
      .request('mutation ($id: ID!) { enableAccount(id: $id, version: 2) { asOf } }', { id: apiKey.account.id });
    expect(account).toMatchObject({ administration: { disabledAt: expect.any(String) } });
    for (const hub of hubs) expect(await statusOf(hub, secret)).toBe(401);
    expect((await refusal(revoke(first, { ...apiKey, version: 2 }))).code).toBe('WRONG_STAGE');
    expect((await refusal(rotate(first, { ...apiKey, version: 2 }))).code).toBe('WRONG_STAGE');
  });

  it('may do nothing by a hub that has not heard of it: PostgreSQL refuses the deed (I-22)', async () => {
    const { apiKey, secret } = await newMachine(first, { roles: ['EDITOR'] });
    await viewer(second, secret);
    await withSession(url, async (session) => {
      await session.query('alter table api_key disable trigger api_key_changed');
      await session.query('alter table account disable trigger account_changed');
      await revoke(first, apiKey);
      await session.query('alter table api_key enable trigger api_key_changed');
      await session.query('alter table account enable trigger account_changed');
    });
    const attempt = bearing(second, secret).request('mutation { openIncident(slug: "x", title: "X") { asOf } }');
    expect((await refusal(attempt)).code).toBe('FORBIDDEN');
  });

  it('is revoked once, by whoever saw it as it is', async () => {
    const { apiKey } = await newMachine(first);
    const outcomes = await Promise.allSettled([revoke(first, apiKey), revoke(second, apiKey)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a key that is rotated', () => {
  it('keeps its account, and is good beside the new one until the overlap ends', async () => {
    const { apiKey, secret: old } = await newMachine(first);
    const { id } = await viewer(second, old);
    const socket = await new RawSocket(second.url).init({ authorization: `Bearer ${old}` });
    const { apiKey: rotated, secret: fresh } = await rotate(first, apiKey);
    expect([rotated.id, rotated.account.id]).toEqual([apiKey.id, id]);
    expect(fresh).not.toBe(old);
    // Closed once, so that nothing that was opened with the old key lasts as long as it did before.
    expect((await socket.ended()).code).toBe(4403);
    for (const hub of hubs) for (const token of [old, fresh]) expect((await viewer(hub, token)).id).toBe(id);
    await withSession(url, (session) =>
      session.query(`update api_key set previous_until = now() - interval '1 second' where id = $1`, [apiKey.id]),
    );
    for (const hub of hubs) {
      await expect.poll(() => statusOf(hub, old)).toBe(401);
      expect(await statusOf(hub, fresh)).toBe(200);
    }
  });

  it('without an overlap ends at once, on every hub', async () => {
    const { apiKey, secret: old } = await newMachine(first);
    for (const hub of hubs) await viewer(hub, old);
    const { secret: fresh } = await rotate(first, apiKey, { overlapHours: 0 });
    for (const hub of hubs) {
      await expect.poll(() => statusOf(hub, old)).toBe(401);
      expect(await statusOf(hub, fresh)).toBe(200);
    }
  });

  it('refuses a version that is old, an overlap and an end that cannot be', async () => {
    const { apiKey } = await newMachine(first);
    expect(await faultsOf(rotate(first, apiKey, { overlapHours: 169 }))).toEqual(['overlapHours']);
    expect(await faultsOf(rotate(first, apiKey, { overlapHours: -1 }))).toEqual(['overlapHours']);
    expect(await faultsOf(rotate(first, apiKey, { expiresAt: inDays(400) }))).toEqual(['expiresAt']);
    await rotate(first, apiKey);
    expect((await refusal(rotate(first, apiKey))).code).toBe('CONFLICT');
  });
});

describe('PostgreSQL itself', () => {
  const change = async (set: string, { apiKey }: Machine): Promise<string> =>
    withSession(url, (session) =>
      session.query(`update api_key set ${set} where id = $1`, [apiKey.id]).then(
        () => 'done',
        (error) => error.message,
      ),
    );

  it.each([
    [`roles = '{VALIDATOR}'`, /neither approves nor publishes nor manages|keeps its machine and its roles/],
    [`roles = roles || '{ADMIN}'`, /neither approves/],
    [`roles = '{}'`, /neither approves/],
    [`roles = '{EDITOR}'`, /keeps its machine and its roles/],
    [`expires_at = issued_at + interval '9000 hours'`, /at most 366 days/],
    ['account_id = created_by_id', /is of a machine/],
  ])('refuses the owner of the tables %s (I-26)', async (set, message) => {
    expect(await change(set, await newMachine(first))).toMatch(message);
  });

  it.each([
    [`roles = '{VALIDATOR}'`, /neither approves/],
    [`roles = '{EDITOR}'`, /keeps its roles/],
    [`issuer = 'https://issuer.example'`, /keeps its roles/],
  ])('refuses to give the account of a machine %s (I-26)', async (set, message) => {
    const { apiKey } = await newMachine(first);
    await withSession(url, (session) =>
      expect(session.query(`update account set ${set} where id = $1`, [apiKey.account.id])).rejects.toThrow(message),
    );
  });

  it('refuses to bring a revoked key back, and to forget one (I-26)', async () => {
    const machine = await newMachine(first);
    await revoke(first, machine.apiKey);
    expect(await change('revoked_at = null', machine)).toMatch(/stays revoked/);
    expect(await change(`hash = 'x'`, machine)).toMatch(/stays revoked/);
    await withSession(url, (session) =>
      expect(session.query('delete from api_key where id = $1', [machine.apiKey.id])).rejects.toThrow(/never deleted/),
    );
  });
});

describe('while the database is away', () => {
  it('a key that the hub knows goes on, one that it does not waits, and what was revoked meanwhile is out afterwards', async () => {
    const [known, revoked, unknown] = [await newMachine(first), await newMachine(first), await newMachine(first)];
    for (const { secret } of [known, revoked]) await viewer(second, secret);
    proxy.leadTo('postgresql://127.0.0.1:1/nowhere');
    proxy.cut();
    await expect.poll(() => statusOf(second, unknown.secret)).toBe(503);
    for (const { secret } of [known, revoked]) expect((await viewer(second, secret)).roles).toEqual(['MARSHAL']);
    await revoke(first, revoked.apiKey);
    proxy.leadTo(url);
    await expect.poll(() => statusOf(second, revoked.secret)).toBe(401);
    expect(await statusOf(second, known.secret)).toBe(200);
    await expect.poll(() => statusOf(second, unknown.secret)).toBe(200);
  });
});
