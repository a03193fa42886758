import { connect, createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database/database.ts';
import { Asking } from '../support/desk/asking.ts';
import { type HubOptions, startHub } from '../support/hub/hub.ts';

/** Attacks on what operators read: figures of the desk, and why a hub is not ready. Behind each: how it was seen to succeed. */
const { url } = await testDatabase();
const KEY = 'k3y-of-operators-that-nobody-can-guess';
const hubs: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(hubs.map((hub) => hub.close())));

async function asked(more: HubOptions['more'], limits?: HubOptions['limits']) {
  const hub = await startHub({ url, more: more ?? {}, ...(limits ? { limits } : {}) });
  const asking = new Asking(hub.url);
  hubs.push({
    close: () => {
      asking.end();
      return hub.close();
    },
  });
  const at = async (path: string, headers: Record<string, string> = {}) => {
    const { status, headers: answered, body } = await asking.at(path, headers);
    return { status, headers: answered, body: String(body) };
  };
  return { at, own: hub.app.operatorsUrl };
}

const closed = await asked({ operators: {} });
const keyed = await asked({ operators: { key: KEY } });
const apart = await asked({ operators: { own: { host: '127.0.0.1', port: 0 } } });
const atHome = await asked({ operators: { atHome: true } });
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('somebody of the public', () => {
  it('figures of the desk: /metrics is not there where operators have no door, or one of their own', async () => {
    // Seen: "urgent publications without second signature" by anybody, on the public port.
    for (const { at } of [closed, apart])
      for (const headers of [{}, bearer(KEY), bearer(''), { authorization: 'x' }]) {
        const { status, body } = await at('/metrics', headers);
        expect([status, JSON.parse(body).errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
        expect(body).not.toContain('tocsin_');
      }
  });

  it('reasons: /readyz tells a load balancer whether, and nobody why', async () => {
    // Seen: the state of the database, the clock and the work by anybody.
    for (const { at } of [closed, apart, keyed])
      for (const headers of [{}, bearer('x'.repeat(38))]) {
        const { status, body } = await at('/readyz', headers);
        expect([status, JSON.parse(body)]).toEqual([200, { status: 'ready' }]);
      }
  });

  it('keys that are nearly right: none opens, and /metrics asks for the right one', async () => {
    // Seen: with `startsWith` in place of the comparison.
    const near = ['', KEY.slice(0, -1), `${KEY}x`, KEY.toUpperCase(), ` ${KEY}`, '__proto__', 'undefined'];
    for (const headers of [{}, ...near.map(bearer), { authorization: KEY }, { authorization: `Basic ${KEY}` }]) {
      const { status, headers: answered, body } = await keyed.at('/metrics', headers);
      expect([status, answered['www-authenticate']]).toEqual([401, 'Bearer realm="tocsin"']);
      expect(body).not.toContain('tocsin_');
      expect(JSON.parse((await keyed.at('/readyz', headers)).body)).toEqual({ status: 'ready' });
    }
  });

  it('a key in the address opens nothing', async () => {
    // Not seen: addresses are not read for keys; they stand in logs of proxies.
    for (const name of ['key', 'token', 'authorization', 'access_token'])
      expect((await keyed.at(`/metrics?${name}=${KEY}`)).status).toBe(401);
  });

  it('guessing keys: an address that guessed a while is not looked at any more, and the one who knows the key is', async () => {
    // Seen: with the comparison outside `allowance.checked`.
    const bounded = await asked({ operators: { key: KEY } }, { failedTokens: 1 });
    expect((await bounded.at('/metrics', bearer(KEY))).status).toBe(200);
    const seen = new Set<number>();
    for (let guess = 0; guess < 40; guess += 1)
      seen.add((await bounded.at(guess % 2 ? '/metrics' : '/readyz', bearer(`guess-${guess}`))).status);
    expect([...seen].sort()).toEqual([200, 401, 429]);
    expect((await bounded.at('/metrics', bearer('guess'))).status).toBe(429);
    expect((await bounded.at('/metrics', bearer(KEY))).status).toBe(200);
    // Whether it is ready is said all the same.
    expect((await bounded.at('/readyz', bearer('guess'))).status).toBe(200);
  });

  it('figures through a proxy: a hub of development shows them to its own machine alone', async () => {
    // Seen: by whoever reached the port.
    expect((await atHome.at('/metrics')).status).toBe(200);
    const lying: Record<string, string>[] = [{ 'x-forwarded-for': '127.0.0.1' }, { host: 'evil.example' }];
    for (const headers of lying) {
      expect((await atHome.at('/metrics', headers)).status).toBe(404);
      expect(JSON.parse((await atHome.at('/readyz', headers)).body)).toEqual({ status: 'ready' });
    }
  });
});

describe('an operator', () => {
  const reasons = { status: 'ready', checks: expect.objectContaining({ database: 'ok', writes: 'ok' }) };

  it('reads figures and reasons with the key', async () => {
    const { status, headers, body } = await keyed.at('/metrics', bearer(KEY));
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(body).toContain('tocsin_journal_position');
    expect(JSON.parse((await keyed.at('/readyz', bearer(KEY))).body)).toEqual(reasons);
  });

  it('reads them at a port of their own, which has nothing else', async () => {
    const at = async (path: string) => {
      const answer = await fetch(`${apart.own}${path}`);
      return { status: answer.status, body: await answer.text() };
    };
    await apart.at('/nowhere');
    const { status, body } = await at('/metrics');
    expect(status).toBe(200);
    // It counts what is asked at the public port.
    expect(body).toMatch(/tocsin_http_request_seconds_count\{method="GET",route="none",status="404"\} [1-9]/);
    expect(JSON.parse((await at('/readyz')).body)).toEqual(reasons);
    expect((await at('/healthz')).status).toBe(200);
    for (const path of ['/', '/graphql?query={__typename}', '/explorer', '/desk/reports.geojson'])
      expect([path, (await at(path)).status]).toEqual([path, 404]);
  });

  it('learns of a port that is taken, and the hub leaves nothing open', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    await expect(startHub({ url, more: { operators: { own: { host: '127.0.0.1', port } } } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    });
    other.close();
  });

  it('reads them for as long as the hub has something to end', async () => {
    const hub = await startHub({ url, more: { operators: { own: { host: '127.0.0.1', port: 0 } } } });
    const own = hub.app.operatorsUrl;
    // A request that does not arrive holds the public server up for a second.
    const arriving = connect(Number(new URL(hub.url).port), '127.0.0.1').on('error', () => undefined);
    arriving.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\n');
    await fetch(`${hub.url}/healthz`);
    const close = hub.close();
    const ready = await fetch(`${own}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'not ready', checks: expect.objectContaining({ open: 'failing' }) },
    ]);
    await close;
    await expect(fetch(`${own}/readyz`)).rejects.toThrow();
  });
});
