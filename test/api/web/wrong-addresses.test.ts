import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { Asking } from '../../support/desk/asking.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
const asking = new Asking(hub.url);
afterAll(async () => {
  asking.end();
  await hub.close();
});
const { id } = await publishNew(hub);
const { id: eventId } = await publishNew(hub, 'Event');
const ID = id.toUpperCase();
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('an address that is nearly right', () => {
  it.each([
    [`/publications/${id}/`, `/publications/${id}`],
    [`/publications/${ID}`, `/publications/${id}`],
    [`/publications/${id}.`, `/publications/${id}`],
    [`/publications/${id},`, `/publications/${id}`],
    [`/publications/${id}).`, `/publications/${id}`],
    [`/publications/${ID}/r/1/?from=sms&x=%2F%2Fa`, `/publications/${id}/r/1?from=sms&x=%2F%2Fa`],
    [`/publications/${ID}.jsonld`, `/publications/${id}.jsonld`],
    [`/events/${eventId.toUpperCase()}.ics.`, `/events/${eventId}.ics`],
    ['/feeds/alerts.atom/?commune=91345', '/feeds/alerts.atom?commune=91345'],
    ['/geo/alerts.geojson.', '/geo/alerts.geojson'],
    ['/graphql/?query=%7B__typename%7D', '/graphql?query=%7B__typename%7D'],
  ])('%s leads to %s', async (path, usual) => {
    const { status, headers } = await asking.at(path);
    expect([status, headers.location]).toEqual([301, usual]);
    expect((await asking.at(usual)).status).toBe(200);
  });

  it('keeps what a client posts: 308', async () => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const headers = { 'content-type': 'application/json' };
    const first = await fetch(`${hub.url}/graphql/`, { method: 'POST', headers, body, redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([308, '/graphql']);
    const led = await fetch(`${hub.url}/graphql/`, { method: 'POST', headers, body });
    expect(await led.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it.each([
    '//elsewhere.example/',
    `//elsewhere.example/${ID}`,
    `/%2F/elsewhere.example/${ID}`,
    `/\\elsewhere.example/${ID}`,
    `/%5Celsewhere.example/${ID}/`,
    `/..//elsewhere.example/${ID}`,
    `/@elsewhere.example/${ID}`,
    '/nothing/',
    '/',
    `/publications/${id}?next=//elsewhere.example/`,
  ])('leads nowhere else: %s', async (path) => {
    const { status, headers } = await asking.at(path);
    expect(headers.location).toBeUndefined();
    expect(status).toBe(path === '/' || path.startsWith(`/publications/${id}?`) ? 200 : 404);
  });
});

it('reads no further than an address may be long', async () => {
  for (const [letters, status] of [
    ['.'.repeat(10_000), 414],
    ['/'.repeat(10_000), 404],
  ] as const) {
    const { headers, ...answer } = await asking.at(`/publications/${letters}`);
    expect([answer.status, headers.location]).toEqual([status, undefined]);
  }
});

describe('an address where nothing is', () => {
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['text/html;q=0.1, application/json', 'json'],
    ['application/json, text/html', 'json'],
    ['text/html;q=0, */*', 'json'],
    ['image/avif,image/webp,*/*;q=0.8', 'json'],
    [BROWSER, 'html'],
    ['text/html', 'html'],
    ['application/json;q=0.5, text/html;q=0.9', 'html'],
    ['text/*', 'html'],
  ])('is told under Accept: %s as %s', async (accept, form) => {
    const { status, headers, body } = await asking.at('/nothing', accept === undefined ? {} : { accept });
    expect([status, headers.vary]).toEqual([404, 'accept']);
    const type = form === 'html' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
    expect(headers['content-type']).toBe(type);
    if (form === 'html') expect(String(body)).toMatch(/<html lang="fr" dir="ltr">[\s\S]*<h1>Page introuvable<\/h1>/);
    else expect(JSON.parse(String(body))).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  it.each([
    ['/publications/x', 404, 'Page introuvable'],
    [`/publications/${id}/r/99`, 404, 'Page introuvable'],
    ['/cap/nothing.xml', 404, 'Page introuvable'],
    ['/feeds/alerts.atom?commune=99999', 400, 'Demande incorrecte'],
    ['/publications/%ff', 400, 'Demande incorrecte'],
  ])('is a page for browsers: %s', async (path, expected, title) => {
    const { status, headers, body } = await asking.at(path, { accept: BROWSER });
    expect([status, headers['content-type']]).toEqual([expected, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(String(body)).toContain(`<h1>${title}</h1>`);
  });

  it('is told in the head alone to a client that asks for no more', async () => {
    const answer = await fetch(`${hub.url}/nothing`, { method: 'HEAD', headers: { accept: BROWSER } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await answer.text()).toBe('');
  });

  it('repeats nothing of the address on the page', async () => {
    const { body } = await asking.at('/nothing/<b>repeated</b>?x="y"', { accept: BROWSER });
    expect(String(body)).not.toContain('repeated');
  });

  it.each([
    ['/graphql?query=%7Bnope%7D', 400],
    ['/desk/reports.geojson', 401],
  ])('is JSON where programs ask, whatever they accept: %s', async (path, expected) => {
    const { status, headers } = await asking.at(path, { accept: BROWSER });
    expect(status).toBe(expected);
    expect(headers['content-type']).toMatch(/^application\/(graphql-response\+)?json/);
  });
});
