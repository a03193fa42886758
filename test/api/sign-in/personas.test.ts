import { afterAll, describe, expect, it } from 'vitest';
import { PERSONAS, personaVisitors } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';
import { Browser } from '../../support/sign-in/browser.ts';

/** Signing in in development, where no issuer is: as a persona, from this machine. */
const { url } = await testDatabase();
const hub = await startHub({ url, more: { desk: { personas: personaVisitors() } } });
const closed = await startHub({ url });
afterAll(async () => {
  await closed.close();
  await hub.close();
});
const SIGN_IN = `${hub.url}/desk/signin`;
const form = (persona: string, path = '/') => ({
  method: 'POST' as const,
  form: { persona, return: path },
  from: hub.url,
});

describe('a developer signs in', () => {
  it('as one of the personas that the page lists, without a token in it, and may what that persona may', async () => {
    const browser = new Browser();
    const page = await (
      await browser.visit(`${SIGN_IN}?return=${encodeURIComponent('/?commune=91345')}`)
    ).response.text();
    for (const { name } of Object.values(PERSONAS)) expect(page).toContain(name);
    for (const token of Object.values(tokens)) expect(page).not.toContain(token);
    const { url: end, response } = await browser.visit(SIGN_IN, form('validator', '/?commune=91345'));
    expect([response.status, end.search]).toEqual([200, '?commune=91345']);
    const told = await (await browser.script(hub.url, '/desk/session')).json();
    expect(told).toMatchObject({ name: PERSONAS.validator.name, roles: ['VALIDATOR'] });
    const byToken = await hub.as('validator').request<{ viewer: { id: string } }>('{ viewer { id } }');
    expect(told.account).toBe(byToken.viewer.id);
    const out = await browser.script(hub.url, '/desk/signout', { method: 'POST' });
    expect(await out.json()).toEqual({ next: '/desk/signedout' });
  });

  it('as nobody whom the list does not have', async () => {
    for (const name of ['', 'nobody', 'constructor', '__proto__'])
      expect((await new Browser().visit(SIGN_IN, form(name))).response.status).toBe(404);
  });

  it.each(['x-forwarded-for', 'via', 'forwarded'])('from this machine alone: %s is somebody else', async (header) => {
    const browser = new Browser();
    await browser.visit(SIGN_IN, form('editor'));
    const handedOn = { [header]: '127.0.0.1' };
    expect((await fetch(SIGN_IN, { headers: handedOn })).status).toBe(404);
    const body = new URLSearchParams({ persona: 'editor' });
    const headers = { 'sec-fetch-site': 'same-origin', ...handedOn };
    const posted = await fetch(SIGN_IN, { method: 'POST', body, headers, redirect: 'manual' });
    expect([posted.status, posted.headers.getSetCookie()]).toEqual([404, []]);
    // Nor does a session that was begun here open anything elsewhere.
    expect((await browser.script(hub.url, '/desk/session')).status).toBe(200);
    expect((await browser.script(hub.url, '/desk/session', { headers: handedOn })).status).toBe(401);
  });

  it('nowhere on a hub that knows neither personas nor an issuer, whatever cookie comes', async () => {
    const browser = new Browser();
    await browser.visit(SIGN_IN, form('editor'));
    const body = JSON.stringify({ query: '{ __typename }' });
    for (const [path, init] of [
      ['/desk/signin', {}],
      ['/desk/session', {}],
      ['/desk/graphql', { method: 'POST', body }],
    ] as const)
      expect((await browser.script(closed.url, path, init)).status).toBe(404);
  });
});
