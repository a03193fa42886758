import { afterAll, beforeEach, describe, expect, it } from 'vitest';
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
