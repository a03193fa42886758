import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { given } from '../../support/given.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';
import { CHROMIUM, Chromium } from '../../support/sign-in/chromium.ts';
import { openAccount } from '../../support/sign-in/desk-account.ts';
import { ANNE, startRealIssuer } from '../../support/sign-in/real-issuer.ts';

/** What a whole browser makes of the cookies, the redirects and the headers that only browsers send. */
const hasChromium = given(CHROMIUM !== undefined, 'Chromium');
const { url } = hasChromium ? await testDatabase() : { url: '' };

describe.runIf(hasChromium)('in Chromium', () => {
  let hub: Hub;
  let browser: Chromium;
  /** Another site: browsers tell 127.0.0.1 from localhost. */
  let elsewhere: string;
  beforeAll(async () => {
    const issuer = await startRealIssuer();
    hub = await startHub({ url, more: { desk: { client: issuer.client } } });
    issuer.serve(hub.url);
    await openAccount(url, issuer.url, ANNE.sub, ['EDITOR']);
    const evil = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Evil</title><p>Evil'),
    );
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    elsewhere = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/`;
    browser = await Chromium.open(CHROMIUM ?? '');
    return async () => {
      await browser.close();
      evil.closeAllConnections();
      evil.close();
      await hub.close();
      await issuer.close();
    };
  });

  /** An answer without a policy of its own, in which a script may ask. */
  const PAGE = '/graphql?query={__typename}';
  const OWN = `{ 'content-type': 'application/json', 'x-tocsin-desk': '1' }`;
  const ask = (at: string, query: string, headers = OWN) =>
    browser.run(`fetch(${JSON.stringify(at)}, {
      method: 'POST', credentials: 'include', headers: ${headers}, body: JSON.stringify({ query: ${JSON.stringify(query)} })
    }).then(async (answer) => [answer.status, await answer.text()], (error) => [0, String(error)])`);
  const live = (at: string) =>
    browser.run(`new Promise((resolve) => {
      const socket = new WebSocket(${JSON.stringify(at)}, 'graphql-transport-ws');
      socket.onopen = () => socket.send('{"type":"connection_init"}');
      socket.onmessage = ({ data }) => resolve(JSON.parse(data).type);
      socket.onclose = ({ code }) => resolve(code);
    })`);
  const incidents = () =>
    withSession(url, async (session) => (await session.query('select from incident')).rows.length);
  const enter = () => `${hub.url}/desk/signin?return=${encodeURIComponent(PAGE)}`;

  it('a person signs in by a link of another site too, and the page that follows has the session', async () => {
    await browser.visit(elsewhere);
    const at = await browser.leaveBy(`location.href = ${JSON.stringify(enter())}; undefined`);
    expect(at.origin + at.pathname).toBe(`${hub.url}/graphql`);
    const cookies = await browser.cookies(hub.url);
    expect([...cookies.keys()]).toEqual(['__Host-tocsin-desk']);
    expect(cookies.get('__Host-tocsin-desk')).toMatchObject({
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      domain: 'localhost',
    });
    expect(await browser.run('document.cookie')).toBe('');
    expect(await ask('/desk/graphql', '{ viewer { name } }')).toEqual([
      200,
      expect.stringContaining('"viewer":{"name":"Anne Lefèvre"}'),
    ]);
    expect(await live(`${hub.url.replace('http', 'ws')}/desk/graphql`)).toBe('connection_ack');
    expect(await ask('/desk/graphql', '{ viewer { name } }', `{ 'content-type': 'application/json' }`)).toEqual([
      403,
      expect.stringContaining('FORBIDDEN'),
    ]);
    expect(await ask('/graphql', '{ viewer { name } }')).toEqual([200, expect.stringContaining('"viewer":null')]);
  });

  it('another site gets nothing by a script, a form or a WebSocket', async () => {
    await browser.visit(elsewhere);
    const mutation = 'mutation { openIncident(slug: "forged", title: "x") { asOf } }';
    for (const headers of [OWN, `{ 'content-type': 'text/plain' }`])
      expect(await ask(`${hub.url}/desk/graphql`, mutation, headers)).toEqual([
        0,
        expect.stringContaining('TypeError'),
      ]);
    expect(await live(`${hub.url.replace('http', 'ws')}/desk/graphql`)).toBe(1006);
    for (const path of ['/desk/graphql', '/desk/signout']) {
      await browser.visit(elsewhere);
      await browser.leaveBy(`{
        const form = document.createElement('form');
        form.method = 'post';
        form.enctype = 'text/plain';
        form.action = ${JSON.stringify(hub.url + path)};
        document.body.append(form);
        form.submit();
      }`);
      expect(await browser.run('document.body.innerText')).toContain('FORBIDDEN');
    }
    expect(await incidents()).toBe(0);
    await browser.visit(hub.url + PAGE);
    expect((await ask('/desk/graphql', '{ viewer { name } }')) as unknown[]).toContain(200);
  });

  it('a cookie of the session’s name that a page writes is not taken', async () => {
    await browser.visit(hub.url + PAGE);
    await browser.run(`document.cookie = '__Host-tocsin-desk=' + 'A'.repeat(43) + '; path=/desk; secure'`);
    await browser.run(`document.cookie = '=__Host-tocsin-desk=' + 'A'.repeat(43)`);
    expect([...(await browser.cookies(`${hub.url}/desk/graphql`)).keys()]).toEqual(['__Host-tocsin-desk']);
    expect((await ask('/desk/graphql', '{ viewer { name } }')) as unknown[]).toContain(200);
  });

  it('a person signs out here and at the issuer, and comes back to the page that says so', async () => {
    await browser.visit(hub.url + PAGE);
    const next = await browser.run(
      `fetch('/desk/signout', { method: 'POST', headers: { 'x-tocsin-desk': '1' } }).then((answer) => answer.json())`,
    );
    expect(next).toEqual({ next: '/desk/leave' });
    const at = await browser.leaveBy(`location.href = '/desk/leave'; undefined`);
    expect(at.pathname).toBe('/session/end');
    const end = await browser.leaveBy('document.forms[0].submit()');
    expect(end.origin + end.pathname).toBe(`${hub.url}/desk/signedout`);
    expect([...(await browser.cookies(hub.url)).keys()]).toEqual([]);
    await browser.visit(hub.url + PAGE);
    expect(await ask('/desk/graphql', '{ viewer { name } }')).toEqual([
      401,
      expect.stringContaining('UNAUTHENTICATED'),
    ]);
  });
});
