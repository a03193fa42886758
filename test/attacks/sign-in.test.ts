import { request } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { withSession } from '../support/database/cluster.ts';
import { testDatabase } from '../support/database/database.ts';
import { RawSocket } from '../support/following/raw-socket.ts';
import { startHub, tokens } from '../support/hub/hub.ts';
import { inSeconds } from '../support/hub/issuer.ts';
import { Browser } from '../support/sign-in/browser.ts';
import { openAccount } from '../support/sign-in/desk-account.ts';
import { startFalseIssuer } from '../support/sign-in/false-issuer.ts';
import { ANNE, startRealIssuer } from '../support/sign-in/real-issuer.ts';

/** Attacks on the one door that reads a cookie, and on the way to it. Behind each: how it was seen to succeed. */
const { url } = await testDatabase();
const issuer = await startRealIssuer();
const log = new PassThrough();
const logger = pino({ level: 'trace' }, log);
const hub = await startHub({ url, logger, more: { desk: { client: issuer.client } } });
issuer.serve(hub.url);
const liar = await startFalseIssuer();
const trusting = await startHub({ url, logger, more: { desk: { client: liar.client } } });
afterAll(async () => {
  await trusting.close();
  await hub.close();
  await liar.close();
  await issuer.close();
});
await openAccount(url, issuer.url, ANNE.sub, ['EDITOR']);
await openAccount(url, liar.url, 'anne', ['EDITOR']);

const SESSION = '__Host-tocsin-desk';
const TRANSIT = '__Host-tocsin-signin';
const EVIL = 'https://evil.example';
const isCallback = ({ pathname }: URL) => pathname === '/desk/callback';
const sessions = () =>
  withSession(url, async (session) => (await session.query('select * from desk_session where ended_at is null')).rows);

async function signedIn(): Promise<Browser> {
  const browser = new Browser();
  await browser.visit(`${hub.url}/desk/signin`);
  expect(browser.cookie(hub.url, SESSION)).toMatch(/^[\w-]{43}$/);
  return browser;
}

const victim = await signedIn();
const cookie = victim.cookieHeader(hub.url);
const body = JSON.stringify({ query: 'mutation { openIncident(slug: "forged", title: "x") { incident { id } } }' });
const OWN = { 'sec-fetch-site': 'same-origin', 'x-tocsin-desk': '1', 'content-type': 'application/json', cookie };

/** What came of it, and whether an incident was opened. */
async function forge(headers: Record<string, string>, more: RequestInit = {}, path = '/desk/graphql') {
  const answer = await fetch(`${hub.url}${path}`, { method: 'POST', body, headers, redirect: 'manual', ...more });
  return { status: answer.status, answer, body: await answer.text() };
}
const isForged = () =>
  withSession(
    url,
    async (session) => (await session.query(`select from incident where slug = 'forged'`)).rows.length > 0,
  );

describe('another site asks in the name of somebody who has signed in', () => {
  it.each<[string, Record<string, string>]>([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a name below the same domain', { 'sec-fetch-site': 'same-site' }],
    ['from an address that somebody typed', { 'sec-fetch-site': 'none' }],
    ['with an origin that is not ours', { origin: EVIL }],
    ['with an origin that hides', { origin: 'null' }],
    ['with our origin and another port', { origin: 'http://localhost:1' }],
    ['with another value of the header', { 'x-tocsin-desk': 'true' }],
  ])('CSRF: %s it is answered 403, and nothing is done', async (_what, headers) => {
    // Seen: with demandOwnScript empty.
    expect((await forge({ ...OWN, ...headers })).status).toBe(403);
    expect(await isForged()).toBe(false);
  });

  it.each(['sec-fetch-site', 'x-tocsin-desk'])('CSRF: without %s it is answered 403', async (name) => {
    // Seen: with demandOwnScript empty.
    const { [name]: _, ...rest } = OWN as Record<string, string>;
    expect((await forge(rest)).status).toBe(403);
    expect(await isForged()).toBe(false);
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
    'CSRF: a form of %s is refused, before its body is read, with our headers too',
    async (type) => {
      // Seen for the 403: with demandOwnScript empty. The type of the body refuses it all the same.
      const form = { 'content-type': type, cookie, origin: EVIL, 'sec-fetch-site': 'cross-site' };
      expect((await forge(form)).status).toBe(403);
      expect((await forge({ ...OWN, 'content-type': type })).status).toBe(415);
      expect(await isForged()).toBe(false);
    },
  );

  it('by GET nothing is asked here, and /graphql does not read the cookie', async () => {
    // Seen: with the cookie read in openAccess.
    const { status } = await fetch(`${hub.url}/desk/graphql?query={viewer{id}}`, { headers: OWN });
    expect(status).toBe(405);
    const open = await fetch(`${hub.url}/graphql?query={viewer{id}}`, { headers: { ...OWN } });
    expect(await open.json()).toEqual({ data: { viewer: null } });
    for (const path of ['/graphql', '/graphql?x=/desk/graphql'])
      expect((await forge(OWN, {}, path)).body).toContain('UNAUTHENTICATED');
    expect(await isForged()).toBe(false);
    const stream = await fetch(`${hub.url}/graphql/stream?query=subscription{deskChanges{at}}`, {
      headers: { ...OWN, accept: 'text/event-stream' },
    });
    expect(await stream.text()).toContain('UNAUTHENTICATED');
  });

  it('CORS: no page of another site is let in to ask, or to read', async () => {
    // Seen: without isForOwnPages in setHeaders.
    for (const path of ['/desk/graphql', '/desk/session', '/desk/signout', '/desk/signin']) {
      const preflight = await fetch(`${hub.url}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: EVIL,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-tocsin-desk',
        },
      });
      const asked = await fetch(`${hub.url}${path}`, { headers: { origin: EVIL, cookie }, redirect: 'manual' });
      for (const answer of [preflight, asked])
        expect([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, null]);
    }
  });

  it('signing somebody out from elsewhere is refused', async () => {
    // Seen: with demandOwnScript empty.
    const all: Record<string, string>[] = [{}, { 'sec-fetch-site': 'cross-site' }, { origin: EVIL }];
    for (const headers of all) {
      const { status } = await forge({ cookie, ...headers }, { body: null }, '/desk/signout');
      expect(status).toBe(403);
    }
    expect((await victim.script(hub.url, '/desk/session')).status).toBe(200);
  });
});

/** The status of a handshake: 101 where it opens. */
function handshake(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol': 'graphql-transport-ws',
    };
    const asked = request(`${hub.url}/desk/graphql`, { headers: { ...upgrade, ...headers } });
    asked.on('upgrade', (_answer, socket) => {
      socket.destroy();
      resolve(101);
    });
    asked.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('another site opens a WebSocket in the name of somebody who has signed in', () => {
  it('cross-site WebSocket hijacking: from any other origin, or from none, it does not open', async () => {
    // Seen: without demandOwnOrigin in openLive.
    for (const origin of [
      EVIL,
      'null',
      'http://localhost',
      hub.url.replace('http', 'https'),
      `${hub.url}.evil.example`,
    ])
      expect([origin, await handshake({ cookie, origin })]).toEqual([origin, 403]);
    expect(await handshake({ cookie })).toBe(403);
    expect(await handshake({ cookie, origin: hub.url })).toBe(101);
  });

  it('without a cookie it closes, whatever token the greeting holds; at /graphql the cookie opens nothing', async () => {
    // Seen: with the door of tokens behind the path of the desk.
    const headers = { origin: hub.url };
    const nobody = await new RawSocket(hub.url, { path: '/desk/graphql', headers }).init({
      authorization: `Bearer ${tokens.editor}`,
    });
    expect((await nobody.ended()).code).toBe(4403);
    const open = await new RawSocket(hub.url, { headers: { ...headers, cookie } }).init();
    await open.subscribe('1', '{ viewer { id } }');
    await open.until(() => open.of('1').length > 0);
    expect(open.of('1')[0]).toMatchObject({ payload: { data: { viewer: null } } });
    await open.end();
  });
});

describe('a cookie that somebody else put there', () => {
  it.each([
    ['of a name without the prefix', `tocsin-desk=${victim.cookie(hub.url, SESSION)}`],
    ['of a name in other letters', `__host-tocsin-desk=${victim.cookie(hub.url, SESSION)}`],
    ['beside another of the same name', `${SESSION}=${'A'.repeat(43)}; ${cookie}`],
    ['behind one of the same name', `${cookie}; ${SESSION}=${'A'.repeat(43)}`],
    ['as the value of another', `x=${SESSION}=${victim.cookie(hub.url, SESSION)}`],
    ['guessed', `${SESSION}=${'A'.repeat(43)}`],
    ['empty', `${SESSION}=`],
    ['with its hash in place of the secret', `${SESSION}=${'0'.repeat(43)}`],
    ['with SQL in it', `${SESSION}=' or 1=1 --`],
    ['of 8 KB', `${SESSION}=${'A'.repeat(8_000)}`],
  ])('cookie tossing: %s it opens nothing', async (_what, given) => {
    // Seen for the two of one name: with the first of them taken.
    expect((await forge({ ...OWN, cookie: given })).status).toBe(401);
  });

  it('is not to be read by scripts, sent to other sites, or set for others: all its attributes', async () => {
    // Seen: without HttpOnly, and with Lax.
    const seen = await new Browser().visit(`${hub.url}/desk/signin`, { until: isCallback });
    expect(seen.way.length).toBeGreaterThan(1);
    const browser = new Browser();
    const { url: callback } = await browser.visit(`${hub.url}/desk/signin`, { until: isCallback });
    const answer = await fetch(callback, { headers: { cookie: browser.cookieHeader(hub.url) }, redirect: 'manual' });
    const set = answer.headers.getSetCookie().find((line) => line.startsWith(`${SESSION}=`));
    expect(set?.split('; ').slice(1).sort()).toEqual([
      'HttpOnly',
      'Max-Age=43200',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
    expect([answer.headers.get('referrer-policy'), answer.headers.get('cache-control')]).toEqual([
      'no-referrer',
      'no-store',
    ]);
  });

  it('session fixation: the session that a browser had is never the one that it gets, and ends', async () => {
    // Seen for the session before: without endSessionOf. The secret of a cookie is never taken over: nothing to take out.
    const browser = await signedIn();
    const before = browser.cookie(hub.url, SESSION) ?? '';
    await browser.visit(`${hub.url}/desk/signin`, { from: hub.url });
    const after = browser.cookie(hub.url, SESSION);
    expect(after).not.toBe(before);
    const stale = new Browser();
    stale.put(hub.url, SESSION, before);
    expect((await stale.script(hub.url, '/desk/session')).status).toBe(401);
    const planted = new Browser();
    planted.put(hub.url, SESSION, 'B'.repeat(43));
    await planted.visit(`${hub.url}/desk/signin`);
    expect(planted.cookie(hub.url, SESSION)).not.toBe('B'.repeat(43));
  });
});

describe('somebody meddles with a sign-in that is under way', () => {
  it('login CSRF: the end of the attacker’s sign-in is worth nothing in the browser of somebody else', async () => {
    // Seen: with expectedState taken from the address.
    const attacker = new Browser();
    const { url: callback } = await attacker.visit(`${hub.url}/desk/signin`, { until: isCallback });
    const other = new Browser();
    expect((await other.visit(callback.href, { from: EVIL })).response.status).toBe(400);
    // With a sign-in of its own under way as well.
    await other.visit(`${hub.url}/desk/signin`, { until: isCallback });
    const { response } = await other.visit(callback.href, { from: EVIL });
    expect([response.status, other.cookie(hub.url, SESSION)]).toEqual([403, undefined]);
  });

  it.each([
    ['without its state', (at: URL) => at.searchParams.delete('state')],
    ['with another state', (at: URL) => at.searchParams.set('state', 'x'.repeat(43))],
    ['with two states', (at: URL) => at.searchParams.append('state', 'x')],
    ['with another code', (at: URL) => at.searchParams.set('code', 'guessed')],
    ['without a code', (at: URL) => at.searchParams.delete('code')],
    ['mix-up: with the name of another issuer', (at: URL) => at.searchParams.set('iss', EVIL)],
    ['mix-up: without the name of the issuer', (at: URL) => at.searchParams.delete('iss')],
    ['with an error that the issuer did not send', (at: URL) => at.searchParams.set('error', '<script>')],
  ])('the address of the way back %s gives no session', async (_what, bend) => {
    // Seen for the states: with expectedState taken from the address. Of the others openid-client and the issuer hold.
    const browser = new Browser();
    const { url: callback } = await browser.visit(`${hub.url}/desk/signin`, { until: isCallback });
    bend(callback);
    const before = (await sessions()).length;
    const { response } = await browser.visit(callback.href, { from: issuer.url });
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('<script>');
    expect([browser.cookie(hub.url, SESSION), (await sessions()).length]).toEqual([undefined, before]);
  });

  it('code replay: one address of the way back is good once, in the browser of the victim too', async () => {
    // Seen: with the cookie of the sign-in left in place. The issuer takes no code twice.
    const browser = new Browser();
    const { url: callback } = await browser.visit(`${hub.url}/desk/signin`, { until: isCallback });
    const transit = browser.cookie(hub.url, TRANSIT) ?? '';
    await browser.visit(callback.href, { from: issuer.url });
    expect(browser.cookie(hub.url, TRANSIT)).toBeUndefined();
    expect((await browser.visit(callback.href, { from: issuer.url })).response.status).toBe(400);
    browser.put(hub.url, TRANSIT, transit, 'lax');
    expect((await browser.visit(callback.href, { from: issuer.url })).response.status).toBe(403);
  });

  it('the cookie of a sign-in says nothing, cannot be written by hand, and is none of another kind', async () => {
    // Not seen: without the audience of Sealed, the shape of what is read still refuses it.
    const browser = new Browser();
    const { url: callback } = await browser.visit(`${hub.url}/desk/signin?return=/desk/secret`, { until: isCallback });
    const transit = browser.cookie(hub.url, TRANSIT) ?? '';
    for (const part of transit.split('.'))
      expect(Buffer.from(part, 'base64url').toString()).not.toMatch(/secret|nonce/);
    const [{ id_token: sealed }] = await sessions();
    const forged = new UnsecuredJWT({ content: { state: callback.searchParams.get('state'), nonce: 'n' } }).encode();
    for (const value of [sealed, forged, `${transit}x`, transit.slice(0, -4), 'x'.repeat(2_000)]) {
      browser.put(hub.url, TRANSIT, value, 'lax');
      expect((await browser.visit(callback.href, { from: issuer.url })).response.status).toBe(400);
    }
  });

  it('HEAD, as a mail scanner sends it, uses up no sign-in', async () => {
    // Seen: with HEAD exposed, as Fastify does by itself.
    const browser = new Browser();
    const { url: callback } = await browser.visit(`${hub.url}/desk/signin`, { until: isCallback });
    const headers = { cookie: browser.cookieHeader(hub.url) };
    expect((await fetch(callback, { method: 'HEAD', headers })).headers.getSetCookie()).toEqual([]);
    expect((await browser.visit(callback.href, { from: issuer.url })).response.status).toBe(200);
  });
});

describe('somebody wants a person who signed in to land elsewhere', () => {
  it.each([
    ...[
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      '/./ /evil.example',
    ],
    ...[
      'https://evil.example',
      'https:evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'evil.example',
      '@evil.example',
    ],
    ...[
      '/.//evil.example',
      '/..//evil.example',
      '/x/..//evil.example',
      '/%2e%2e//evil.example',
      ' //evil.example',
      '\u2028//evil',
    ],
    ...['', '/\\/evil.example', '///evil.example', '/\r\nset-cookie: x=1', `/${'x'.repeat(3_000)}`, 'ﾠ/evil'],
  ])('open redirect: %j leads nowhere but here', async (path) => {
    // Seen for `//evil.example`: with `startsWith('/')` alone.
    const browser = new Browser();
    const at = `${hub.url}/desk/signin?return=${encodeURIComponent(path)}`;
    const { way } = await browser.visit(at, { until: ({ pathname }) => pathname.includes('evil') || pathname === '/' });
    expect(way.map(({ hostname }) => hostname).filter((host) => host !== 'localhost' && host !== '127.0.0.1')).toEqual(
      [],
    );
    expect(way.at(-1)?.hostname).toBe('localhost');
  });

  it('open redirect: two of them lead nowhere, and what is encoded twice stays a path', async () => {
    // Seen: with the last of them taken, unread.
    const browser = new Browser();
    const { way } = await browser.visit(`${hub.url}/desk/signin?return=/a&return=//evil.example`);
    expect(way.at(-1)?.href).toBe(`${hub.url}/`);
    const twice = await browser.visit(`${hub.url}/desk/signin?return=%2F%252F%252Fevil.example`);
    expect(twice.url.hostname).toBe('localhost');
  });

  it('a Host header of somebody else changes no address that the issuer gets', async () => {
    // Not seen: the address is made of the public one at the start; no header reaches it.
    const { url: at } = await new Browser().visit(`${hub.url}/desk/signin`, {
      until: ({ pathname }) => pathname === '/auth',
    });
    expect(at.searchParams.get('redirect_uri')).toBe(`${hub.url}/desk/callback`);
    const asked = await new Promise<string | undefined>((resolve) => {
      request(
        `${hub.url}/desk/signin`,
        { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } },
        (answer) => {
          answer.resume();
          resolve(answer.headers.location);
        },
      ).end();
    });
    expect(new URL(asked ?? '').searchParams.get('redirect_uri')).toBe(`${hub.url}/desk/callback`);
  });
});

describe('an issuer, or somebody on the way to it, lies', () => {
  beforeEach(() => {
    liar.lies = {};
  });

  /** The status at the end of a sign-in. */
  async function end(): Promise<number> {
    const browser = new Browser();
    const { url: at } = await browser.visit(`${trusting.url}/desk/signin`, {
      until: ({ pathname }) => pathname === '/auth',
    });
    await fetch(at);
    const back = new URL(`${trusting.url}/desk/callback`);
    back.search = String(new URLSearchParams({ code: 'x', state: at.searchParams.get('state') ?? '', iss: liar.url }));
    const { response } = await browser.visit(back.href, { from: liar.url });
    expect(browser.cookie(trusting.url, SESSION) !== undefined).toBe(response.status === 200);
    return response.status;
  }

  it('lets in whom an issuer without lies vouches for, and shows it the proof of the code', async () => {
    expect(await end()).toBe(200);
    expect(liar.asked.at(-1)?.get('code_verifier')).toMatch(/^[\w-]{43}$/);
  });

  it.each<[string, Record<string, unknown>]>([
    ['of another issuer', { iss: EVIL }],
    ['for another client', { aud: 'other' }],
    ['for other clients as well, by one of them', { aud: ['tocsin', 'other'], azp: 'other' }],
    ['of an earlier sign-in (another nonce)', { nonce: 'x'.repeat(43) }],
    ['without a nonce', { nonce: undefined }],
    ['that is over', { exp: inSeconds(-60) }],
    ['without an end', { exp: undefined }],
    ['without a beginning', { iat: undefined }],
    ['of nobody', { sub: undefined }],
    ['of an empty name', { sub: ' ' }],
    ['of a name that PostgreSQL cannot write down', { sub: 'a\u0000b' }],
    ['of a name of 3,000 letters', { sub: 'x'.repeat(3_000) }],
    ['of somebody else than the user info', { sub: 'mallory' }],
  ])('an ID token %s gives no session', async (_what, claims) => {
    // Not seen: without expectedNonce nobody signs in any more, since openid-client refuses a nonce that was not expected.
    liar.lies = { claims };
    expect(await end()).toBe(403);
  });

  it('an ID token that the issuer did not sign gives no session: another key, none, or the client’s secret', async () => {
    // Seen for the first two: without enableNonRepudiationChecks, since the token comes over TLS.
    const { privateKey } = await generateKeyPair('RS256');
    const secret = new TextEncoder().encode(liar.client.secret);
    const lies = [
      (claims: object) =>
        new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'first' }).sign(privateKey),
      (claims: object) => new UnsecuredJWT({ ...claims }).encode(),
      (claims: object) => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(secret),
      () => 'x.y.z',
    ];
    for (const idToken of lies) {
      liar.lies = { idToken };
      expect(await end()).toBe(403);
    }
  });

  it.each([
    { name: 'Anne\u0000' },
    { name: { $ne: null } },
    { name: '' },
    { roles: ['ADMIN'], name: 'x'.repeat(9_000) },
  ])('a user info of %j is refused or read as text, never a fault of the hub, and gives no role', async (userInfo) => {
    liar.lies = { userInfo };
    const status = await end();
    expect([200, 403]).toContain(status);
  });

  it('the discovery of another issuer is not believed', async () => {
    // Seen: without the comparison in IssuerClient, for a stroke more at its end.
    const other = await startHub({ url, more: { desk: { client: liar.client } } });
    onTestFinished(() => other.close());
    for (const name of [EVIL, `${liar.url}/`]) {
      liar.lies = { discovery: { issuer: name } };
      expect((await fetch(`${other.url}/desk/signin`, { redirect: 'manual' })).status).toBe(503);
    }
  });

  it('a logout token is good of this issuer, for this client, of this event, and never an ID token', async () => {
    // Seen: with decodeJwt in place of jwtVerify.
    expect(await end()).toBe(200);
    const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const good = {
      iss: liar.url,
      aud: 'tocsin',
      iat: inSeconds(0),
      exp: inSeconds(60),
      jti: 'j',
      sub: 'anne',
      events: event,
    };
    const tell = async (token: string) =>
      (
        await fetch(`${trusting.url}/desk/backchannel-logout`, {
          method: 'POST',
          body: new URLSearchParams({ logout_token: token }),
        })
      ).status;
    const open = async () => (await sessions()).filter((one) => one.issuer === liar.url).length;
    const before = await open();
    const { privateKey } = await generateKeyPair('RS256');
    const bad = [
      await liar.sign({ ...good, events: {} }),
      await liar.sign({ ...good, events: undefined }),
      await liar.sign({ ...good, nonce: 'n' }),
      await liar.sign({ ...good, aud: 'other' }),
      await liar.sign({ ...good, iss: EVIL }),
      await liar.sign({ ...good, sub: undefined }),
      await liar.sign({ ...good, iat: inSeconds(-3_600) }),
      await new SignJWT(good).setProtectedHeader({ alg: 'RS256', kid: 'first' }).sign(privateKey),
      new UnsecuredJWT(good).encode(),
      '',
    ];
    for (const token of bad) expect(await tell(token)).toBe(400);
    expect(await open()).toBe(before);
    expect(await tell(await liar.sign({ ...good, sub: 'somebody-else' }))).toBe(200);
    expect(await open()).toBe(before);
    expect(await tell(await liar.sign(good))).toBe(200);
    expect(await open()).toBe(0);
  });
});

it('nothing of a session or a token stands in the log', async () => {
  // Seen: with the errors of openid-client logged as they are.
  const all = await sessions();
  await trusting.close();
  await hub.close();
  log.end();
  const written = await text(log);
  expect(written).toContain('somebody signed in to the desk');
  expect(written).toContain('a sign-in was refused');
  expect(issuer.refreshTokens.length).toBeGreaterThan(5);
  for (const token of issuer.refreshTokens) expect(written).not.toContain(token);
  expect(written).not.toContain(victim.cookie(hub.url, SESSION));
  expect(written).not.toContain(issuer.client.secret);
  for (const { secret_hash } of all) expect(written).not.toContain(secret_hash);
  expect(written).not.toMatch(/eyJ[\w-]+\./);
  expect(written).not.toMatch(/code=|state=/);
});
