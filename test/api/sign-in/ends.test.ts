import { createHash } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';
import { Browser } from '../../support/sign-in/browser.ts';
import { openAccount } from '../../support/sign-in/desk-account.ts';
import { ANNE, startRealIssuer } from '../../support/sign-in/real-issuer.ts';

/** How a session goes on and ends: two hubs at one address, one database, one issuer. */
const { url } = await testDatabase();
const issuer = await startRealIssuer();
const clock = new SetClock(new Date());
const first = await startHub({ url, clock, more: { desk: { client: issuer.client } } });
const second = await startHub({ url, clock, more: { desk: { client: issuer.client }, publicUrl: first.url } });
issuer.serve(first.url);
afterAll(async () => {
  await second.close();
  await first.close();
  await issuer.close();
});
const account = await openAccount(url, issuer.url, ANNE.sub, ['EDITOR']);

const MINUTE = 60_000;
const hubs = [first, second];
const origin = first.url;
const sql = (text: string, values: unknown[] = []) =>
  withSession(url, async (session) => (await session.query(text, values)).rows);
/** The row of the browser's session. */
const rowOf = async (browser: Browser) => {
  const hash = createHash('sha256')
    .update(browser.cookie(origin, '__Host-tocsin-desk') ?? '')
    .digest('base64url');
  return (await sql('select * from desk_session where secret_hash = $1', [hash]))[0];
};
/** So many minutes later. No hub asks the issuer meanwhile: its right to would run out in the leap. */
async function pass(minutes: number) {
  await expect.poll(() => sql('select from desk_session where renewing_until is not null')).toEqual([]);
  clock.set(new Date(clock.now().getTime() + minutes * MINUTE));
}
const statuses = (browser: Browser) =>
  Promise.all(
    hubs.map(async (hub) => {
      const body = JSON.stringify({ query: '{ viewer { id } }' });
      return (await browser.script(hub.url, '/desk/graphql', { method: 'POST', body, headers: { origin } })).status;
    }),
  );

/** A socket of the desk at each hub, which hears what happens there. */
const follow = (browser: Browser) =>
  Promise.all(
    hubs.map(async (hub: Hub) => {
      const headers = { cookie: browser.cookieHeader(hub.url), origin };
      const socket = await new RawSocket(hub.url, { path: '/desk/graphql', headers }).init();
      await socket.subscribe('1', 'subscription { deskChanges { at } }');
      return socket;
    }),
  );
const ENDED = { code: 4403, reason: 'The session has ended' };
/** Resolves once all have ended, with how that was and how long it took, in milliseconds. */
async function endsOf(sockets: readonly RawSocket[]) {
  const from = performance.now();
  const ends = await Promise.all(sockets.map((socket) => socket.ended()));
  return { ends, took: performance.now() - from };
}

let browser: Browser;
beforeEach(async () => {
  issuer.away = false;
  browser = new Browser();
  await browser.visit(`${origin}/desk/signin`);
  expect(await statuses(browser)).toEqual([200, 200]);
});

describe('a session ends at every hub within a second', () => {
  it('when its person signs out, who goes on to the issuer and is signed out there as well', async () => {
    const sockets = await follow(browser);
    const secret = browser.cookie(origin, '__Host-tocsin-desk') ?? '';
    const answer = await browser.script(origin, '/desk/signout', { method: 'POST' });
    const { next } = await answer.json();
    expect([answer.status, next]).toEqual([200, '/desk/leave']);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-tocsin-desk=; .*Max-Age=0$/);
    const { ends, took } = await endsOf(sockets);
    expect(ends).toEqual([ENDED, ENDED]);
    expect(took).toBeLessThan(1_000);
    browser.put(origin, '__Host-tocsin-desk', secret);
    expect(await statuses(browser)).toEqual([401, 401]);
    await expect.poll(() => issuer.asked).toContain('POST /token/revocation');

    // The page sets its cookies; a browser whose hub was asked by a script has them as well.
    for (const line of answer.headers.getSetCookie().slice(1)) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      browser.put(origin, name, value, 'lax');
    }
    const transit = browser.cookie(origin, '__Host-tocsin-signin') ?? '';
    const { url: at, response } = await browser.visit(origin + next, { from: origin });
    expect(at.origin + at.pathname).toBe(`${issuer.url}/session/end`);
    expect(at.searchParams.get('id_token_hint')).toMatch(/^eyJ/);
    expect(at.searchParams.get('state')).toMatch(/^[\w-]{43}$/);
    const form = await response.text();
    const fields = Object.fromEntries(
      [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const confirm = /action="([^"]+)"/.exec(form)?.[1] ?? '';
    const end = await browser.visit(confirm, { method: 'POST', form: fields, from: issuer.url });
    expect(end.url.origin + end.url.pathname).toBe(`${origin}/desk/signedout`);
    expect(await end.response.text()).toContain('Vous êtes déconnecté');
    // It is shown once, to a copy of the cookie as well.
    browser.put(origin, '__Host-tocsin-signin', transit, 'lax');
    expect((await browser.visit(origin + next, { from: origin })).url.pathname).toBe('/desk/signedout');
  });

  it('when the issuer says so, from its own server (back-channel)', async () => {
    const sockets = await follow(browser);
    expect((await rowOf(browser)).issuer_session).toEqual(expect.any(String));
    const { response } = await browser.visit(`${issuer.url}/session/end?state=mine`);
    const form = await response.text();
    const fields = Object.fromEntries(
      [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const leaving = browser.visit(/action="([^"]+)"/.exec(form)?.[1] ?? '', {
      method: 'POST',
      form: fields,
      from: issuer.url,
    });
    const { ends } = await endsOf(sockets);
    await leaving;
    expect(ends).toEqual([ENDED, ENDED]);
    expect(await statuses(browser)).toEqual([401, 401]);
  });

  it('when somebody ends it in PostgreSQL, and never opens again (I-27)', async () => {
    const sockets = await follow(browser);
    const { id } = await rowOf(browser);
    await sql('update desk_session set ended_at = now() where id = $1', [id]);
    const { ends, took } = await endsOf(sockets);
    expect(ends).toEqual([ENDED, ENDED]);
    expect(took).toBeLessThan(1_000);
    expect(await statuses(browser)).toEqual([401, 401]);
    await expect(sql('update desk_session set ended_at = null where id = $1', [id])).rejects.toThrow('has ended');
    await expect(sql('update desk_session set seen_at = now() where id = $1', [id])).resolves.toEqual([]);
  });

  it('when the account is disabled, for good', async () => {
    const sockets = await follow(browser);
    await sql('update account set disabled_at = now() where id = $1', [account]);
    const { ends, took } = await endsOf(sockets);
    expect(ends.map(({ code }) => code)).toEqual([4403, 4403]);
    expect(took).toBeLessThan(1_000);
    await expect.poll(() => statuses(browser)).toEqual([401, 401]);
    const refused = await browser.visit(`${origin}/desk/signin`);
    expect([refused.response.status, await refused.response.text()]).toEqual([
      403,
      expect.stringContaining('Compte fermé'),
    ]);
    expect(browser.cookie(origin, '__Host-tocsin-signin')).toBeUndefined();
    await sql('update account set disabled_at = null where id = $1', [account]);
    // Enabled again, the person signs in again.
    expect(await statuses(browser)).toEqual([401, 401]);
    await browser.visit(`${origin}/desk/signin`);
    await expect.poll(() => statuses(browser)).toEqual([200, 200]);
  });

  it('and a change of roles ends sockets alone: the client comes back and may what it may now', async () => {
    const sockets = await follow(browser);
    await sql('update account set roles = $2 where id = $1', [account, ['CHECKER']]);
    const { ends } = await endsOf(sockets);
    expect(ends).toEqual([1, 2].map(() => ({ code: 4403, reason: 'The account has changed' })));
    const roles = async () => (await (await browser.script(origin, '/desk/session')).json()).roles;
    expect(await roles()).toEqual(['CHECKER']);
    await sql('update account set roles = $2 where id = $1', [account, ['EDITOR']]);
    await expect.poll(roles).toEqual(['EDITOR']);
  });
});

describe('a session is over', () => {
  it('two hours after the last request, at whichever hub that was', async () => {
    await pass(119);
    expect(await statuses(browser)).toEqual([200, 200]);
    const ask = (hub: Hub) =>
      browser.script(hub.url, '/desk/session', { headers: { origin } }).then(({ status }) => status);
    await pass(100);
    expect(await ask(second)).toBe(200);
    await pass(100);
    // The first hub was asked 200 minutes ago.
    expect(await ask(first)).toBe(200);
    const sockets = await follow(browser);
    await pass(121);
    const { ends } = await endsOf(sockets);
    expect(ends).toEqual([ENDED, ENDED]);
    expect(await statuses(browser)).toEqual([401, 401]);
  });

  it('goes on while somebody works over a socket', async () => {
    const sockets = await follow(browser);
    for (const id of ['2', '3', '4']) {
      await pass(100);
      const [socket] = sockets;
      await socket?.subscribe(id, '{ viewer { id } }');
      await socket?.until(() => (socket?.of(id).length ?? 0) > 0);
      const seen = async () => (await rowOf(browser)).seen_at.getTime();
      await expect.poll(seen).toBe(clock.now().getTime());
    }
    expect(sockets.map(({ closed }) => closed)).toEqual([undefined, undefined]);
    for (const socket of sockets) await socket.end();
  });

  it('twelve hours after it began, whatever its person does', async () => {
    for (let hour = 1; hour < 12; hour += 1) {
      await pass(60);
      expect(await statuses(browser)).toEqual([200, 200]);
    }
    await pass(60);
    expect(await statuses(browser)).toEqual([401, 401]);
    // The timekeeper deletes what is over.
    await expect.poll(() => sql('select from desk_session where ended_at is null')).toEqual([]);
    await pass(11);
    await expect.poll(() => sql('select from desk_session')).toEqual([]);
  });
});

describe('the issuer is asked again', () => {
  const grants = () => issuer.asked.filter((one) => one === 'POST /token').length;
  /** Nobody asks it now, and nobody will yet. */
  const isSettled = async () => {
    const { renew_at, renewing_until } = await rowOf(browser);
    return renewing_until === null && renew_at.getTime() > clock.now().getTime();
  };

  it('once for both hubs, when what it gave has run out, and the session outlasts its tokens', async () => {
    const before = await rowOf(browser);
    for (let round = 1; round <= 4; round += 1) {
      const asked = grants();
      await pass(6);
      expect(await statuses(browser)).toEqual([200, 200]);
      await expect.poll(isSettled).toBe(true);
      expect(grants()).toBe(asked + 1);
    }
    const after = await rowOf(browser);
    expect(after.refresh_token).not.toBe(before.refresh_token);
    expect(new Set(issuer.refreshTokens).size).toBeGreaterThan(4);
  });

  it('and ends the session where it no longer vouches for the person', async () => {
    const sockets = await follow(browser);
    await issuer.forgetAll();
    await pass(6);
    const { ends } = await endsOf(sockets);
    expect(ends).toEqual([ENDED, ENDED]);
    expect(await statuses(browser)).toEqual([401, 401]);
  });

  it('later where it is away: the session goes on', async () => {
    issuer.away = true;
    await pass(6);
    expect(await statuses(browser)).toEqual([200, 200]);
    await expect.poll(isSettled).toBe(true);
    const asked = grants();
    issuer.away = false;
    await pass(1);
    expect(await statuses(browser)).toEqual([200, 200]);
    await expect.poll(grants).toBe(asked + 1);
    await expect.poll(isSettled).toBe(true);
    expect(await statuses(browser)).toEqual([200, 200]);
  });
});
