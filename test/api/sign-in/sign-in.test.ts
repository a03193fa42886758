import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { TokenRules } from '../../../src/access/token.rules.ts';
import type { DeskClient } from '../../../src/sign-in/issuer-client.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { startHub } from '../../support/hub/hub.ts';
import { Browser } from '../../support/sign-in/browser.ts';
import { openAccount } from '../../support/sign-in/desk-account.ts';
import { ANNE, startRealIssuer } from '../../support/sign-in/real-issuer.ts';

/** Signing in by a whole issuer with the habits of ProConnect, as a browser does it. */
const { url } = await testDatabase();
const issuer = await startRealIssuer();
const hub = await startHub({ url, more: { desk: { client: issuer.client } } });
issuer.serve(hub.url);
afterAll(async () => {
  await hub.close();
  await issuer.close();
});
const account = await openAccount(url, issuer.url, ANNE.sub, ['EDITOR']);

const VIEWER = JSON.stringify({ query: '{ viewer { id name roles } }' });
const viewer = (browser: Browser) => browser.script(hub.url, '/desk/graphql', { method: 'POST', body: VIEWER });
const rows = (columns: string) =>
  withSession(
    url,
    async (session) => (await session.query(`select ${columns} from desk_session order by started_at`)).rows,
  );

let browser: Browser;
beforeEach(async () => {
  browser = new Browser();
  issuer.person = ANNE;
});
const signIn = (path = '/?commune=91345') => browser.visit(`${hub.url}/desk/signin?return=${encodeURIComponent(path)}`);

describe('signing in', () => {
  it('leads by the issuer back to where the person was going, with a session and the roles of the account', async () => {
    const { url: end, response, way } = await signIn();
    expect([response.status, end.pathname + end.search]).toEqual([200, '/?commune=91345']);
    expect(way.map(({ origin }) => origin)).toContain(issuer.url);
    const answer = await viewer(browser);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { data: { viewer: { id: account, name: 'Anne Lefèvre', roles: ['EDITOR'] } } },
    ]);
  });

  it('asks with PKCE, a state, a nonce and the scopes, and asks for amr', async () => {
    await signIn();
    const asked = Object.fromEntries(issuer.signIns.at(-1) ?? []);
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: 'tocsin',
      scope: 'openid given_name usual_name',
      redirect_uri: `${hub.url}/desk/callback`,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(JSON.parse(asked.claims ?? '')).toEqual({ id_token: { amr: null, acr: null } });
  });

  it('keeps the hash of the secret alone, the tokens encrypted, and what the issuer said of the way in', async () => {
    await signIn();
    const secret = browser.cookie(hub.url, '__Host-tocsin-desk') ?? '';
    expect(secret).toMatch(/^[\w-]{43}$/);
    const all = await rows('*');
    const row = all.at(-1);
    expect(row).toMatchObject({
      issuer: issuer.url,
      subject: ANNE.sub,
      signs: ['pwd', 'mfa', 'eidas2'],
      ended_at: null,
    });
    const text = JSON.stringify(all);
    expect(text).not.toContain(secret);
    for (const token of issuer.refreshTokens) expect(text).not.toContain(token);
    // Compact JWEs, which hold no readable part but their header.
    for (const token of [row.refresh_token, row.id_token])
      expect(String(token)).toMatch(/^eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('tells a page who has signed in, and until when', async () => {
    await signIn();
    const answer = await browser.script(hub.url, '/desk/session');
    const told = await answer.json();
    expect(told).toEqual({
      name: 'Anne Lefèvre',
      account,
      roles: ['EDITOR'],
      endsAt: expect.stringMatching(/Z$/),
      idleEndsAt: expect.stringMatching(/Z$/),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Date.parse(told.endsAt) - Date.parse(told.idleEndsAt)).toBe(10 * 3_600_000);
    expect((await new Browser().script(hub.url, '/desk/session')).status).toBe(401);
  });

  it('gives no role for what the issuer claims, and lets somebody without an account do nothing', async () => {
    issuer.person = { ...ANNE, sub: 'nobody-invited', roles: ['ADMIN'] } as typeof ANNE;
    await signIn();
    expect((await viewer(browser)).status).toBe(401);
    const told = await (await browser.script(hub.url, '/desk/session')).json();
    expect(told).toMatchObject({ name: 'Anne Lefèvre', account: null, roles: [] });
  });
});

it('somebody without an account accepts an invitation by the session, and may then what it gives', async () => {
  const { inviteAccount } = await hub
    .as('admin')
    .request<{ inviteAccount: { secret: string } }>(
      'mutation { inviteAccount(name: "Jeanne Martin", roles: [VOLUNTEER]) { secret } }',
    );
  issuer.person = { ...ANNE, sub: 'jeanne', given_name: 'Jeanne', usual_name: 'Martin' };
  await signIn();
  const accept = (secret: string) =>
    browser.script(hub.url, '/desk/graphql', {
      method: 'POST',
      body: JSON.stringify({
        query: 'mutation ($secret: String!) { acceptInvitation(secret: $secret) { asOf } }',
        variables: { secret },
      }),
    });
  expect(JSON.stringify(await (await accept('guessed')).json())).toContain('errors');
  expect((await viewer(browser)).status).toBe(401);
  expect(await (await accept(inviteAccount.secret)).json()).toEqual({
    data: { acceptInvitation: { asOf: expect.any(String) } },
  });
  const told = await (await viewer(browser)).json();
  expect(told.data.viewer).toMatchObject({ name: 'Jeanne Martin', roles: ['VOLUNTEER'] });
});

describe('the API of the desk', () => {
  const PUBLIC = JSON.stringify({ query: '{ situation(place: { commune: "91345" }) { stale } }' });
  const post = (one: Browser, body: string, headers: Record<string, string> = {}) =>
    one.script(hub.url, '/desk/graphql', { method: 'POST', body, headers });

  it('answers nobody without a session, not even what everybody has been answered elsewhere', async () => {
    for (let time = 0; time < 3; time += 1) {
      const json = { 'content-type': 'application/json' };
      expect((await fetch(`${hub.url}/graphql`, { method: 'POST', body: PUBLIC, headers: json })).status).toBe(200);
      const { status, headers } = await post(new Browser(), PUBLIC);
      expect([status, headers.get('cache-control')]).toEqual([401, 'no-store']);
    }
    await signIn();
    const { status, headers } = await post(browser, PUBLIC);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it('does a mutation with a key once, for its person alone', async () => {
    await signIn();
    const body = JSON.stringify({
      query: 'mutation { openIncident(slug: "keyed", title: "Crue") { incident { id } } }',
    });
    const key = { 'idempotency-key': 'from-the-desk' };
    const first = await (await post(browser, body, key)).text();
    expect(first).toContain('"incident":{"id"');
    expect(await (await post(browser, body, key)).text()).toBe(first);
    const other = await hub
      .as('editor')
      .rawRequest(JSON.parse(body).query, {}, key)
      .catch(({ response }) => response);
    expect(JSON.stringify(other)).not.toContain(JSON.parse(first).data.openIncident.incident.id);
  });
});

describe('an issuer is trusted for how a person signed in', () => {
  const STRONG = { types: ['at+jwt'], algorithms: ['RS256'], longestHours: 12 };
  /** A hub more at the same issuer, which is told of it as of a hub of its own. */
  async function another(desk: Partial<DeskClient>, tokenRules?: TokenRules) {
    const client = { ...issuer.client, ...desk };
    const other = await startHub({ url, more: { desk: { client }, ...(tokenRules ? { tokenRules } : {}) } });
    onTestFinished(async () => {
      await other.close();
      issuer.serve(hub.url);
    });
    return other;
  }

  it('acr: it is asked for, and who signed in otherwise has no session', async () => {
    const other = await another({ acr: ['eidas3'] });
    issuer.serve(other.url);
    const { response } = await browser.visit(`${other.url}/desk/signin`);
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('Connexion refusée')]);
    expect(issuer.signIns.at(-1)?.get('acr_values')).toBe('eidas3');
    expect(browser.cookie(other.url, '__Host-tocsin-desk')).toBeUndefined();
    issuer.person = { ...ANNE, acr: 'eidas3' };
    await new Browser().visit(`${issuer.url}/session/end?state=x`);
    const again = new Browser();
    expect((await again.visit(`${other.url}/desk/signin`)).response.status).toBe(200);
  });

  it('amr: roles that want a second factor come with one alone', async () => {
    const other = await another({}, { ...STRONG, strong: { roles: ['EDITOR'], signs: ['mfa'] } });
    issuer.serve(other.url);
    const roles = async (amr: string[]) => {
      issuer.person = { ...ANNE, amr };
      const one = new Browser();
      await one.visit(`${other.url}/desk/signin`);
      return (await (await one.script(other.url, '/desk/session')).json()).roles;
    };
    expect([await roles(['pwd']), await roles(['pwd', 'mfa'])]).toEqual([[], ['EDITOR']]);
  });

  it('one that gives no refresh token is not asked again: the session has its own end', async () => {
    const other = await another({});
    issuer.serve(other.url, { issueRefreshToken: async () => false });
    const one = new Browser();
    await one.visit(`${other.url}/desk/signin`);
    expect((await one.script(other.url, '/desk/session')).status).toBe(200);
    expect((await rows('refresh_token, renew_at, id_token')).at(-1)).toEqual({
      refresh_token: null,
      renew_at: null,
      id_token: expect.any(String),
    });
  });

  it('one that is away leads to a page that says so, and back in once it is there', async () => {
    const other = await another({});
    issuer.serve(other.url);
    issuer.away = true;
    const { response } = await browser.visit(`${other.url}/desk/signin`);
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('Momentanément')]);
    issuer.away = false;
    expect((await browser.visit(`${other.url}/desk/signin`)).response.status).toBe(200);
    // It goes away while a person is there.
    const left = await browser.visit(`${other.url}/desk/signin`, {
      until: ({ pathname }) => pathname === '/desk/callback',
    });
    issuer.away = true;
    const back = await browser.visit(left.url.href, { from: issuer.url });
    issuer.away = false;
    expect(back.response.status).toBe(503);
  });

  it('a secret that the issuer does not know is our fault, and nobody is signed out for it', async () => {
    const other = await another({ secret: 'another-secret-than-the-issuer-has' });
    issuer.serve(other.url);
    const { response } = await browser.visit(`${other.url}/desk/signin`);
    expect(response.status).toBe(503);
  });
});
