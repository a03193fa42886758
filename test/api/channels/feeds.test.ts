import ICAL from 'ical.js';
import Parser from 'rss-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEEDS } from '../../../src/channels/feeds/feeds.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, closureInput, publishNew, release, revise, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${hub.url}${path}`, { headers });
const parser = new Parser();
const links = async (query = '') =>
  (await parser.parseString(await (await get(`/feeds/publications.rss${query}`)).text())).items.map(({ link }) => link);
const linkOf = ({ id }: Written, revision = 1) => `${hub.url}/publications/${id}/r/${revision}`;

const ADDRESSES = [
  ['/feeds/publications.rss', 'application/rss+xml; charset=utf-8'],
  ['/feeds/publications.json', 'application/feed+json; charset=utf-8'],
  ['/feeds/alerts.atom', 'application/atom+xml; charset=utf-8'],
  ['/feeds/events.ics', 'text/calendar; charset=utf-8'],
  ['/geo/alerts.geojson', 'application/geo+json'],
  ['/geo/closures.geojson', 'application/geo+json'],
  ['/geo/aid-points.geojson', 'application/geo+json'],
  ['/closures/cifs.xml', 'application/xml; charset=utf-8'],
  ['/closures/datex2.xml', 'application/xml; charset=utf-8'],
] as const;

it('tries every feed but those of posts, which post-feeds.test.ts tries', () => {
  const others = FEEDS.map(({ path }) => path).filter((path) => !path.startsWith('/feeds/social/'));
  expect(ADDRESSES.map(([path]) => path).sort()).toEqual(others.sort());
});

interface Fields {
  thread: string;
  state: string;
  communes: { code: string }[];
  history: { publisher: object | null; signatories: object[] }[];
}

let alert: Written;
let closure: Written;
let event: Written;
let exercise: Written;
beforeAll(async () => {
  alert = await publishNew(hub);
  closure = await publishNew(hub, 'Closure');
  event = await publishNew(hub, 'Event');
  const texts = [{ language: 'fr-FR', headline: 'EXERCICE crue', description: 'Ceci est un exercice.' }];
  exercise = await publishNew(hub, 'Alert', alertInput({ mode: 'EXERCISE', texts }));
});

describe.each(ADDRESSES)('%s', (path, mediaType) => {
  it('has its media type, may be kept for a while, and is read from any page', async () => {
    const answer = await get(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, mediaType]);
    expect(answer.headers.get('cache-control')).toContain('max-age=30');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('answers 304 to whoever has it, and HEAD without a body', async () => {
    const etag = (await get(path)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}(-(br|gzip))?"$/);
    const again = await get(path, { 'if-none-match': etag });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    const head = await fetch(`${hub.url}${path}`, { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag]);
  });

  it('names the parameter that it cannot read', async () => {
    for (const [query, name] of [
      ['commune=75056', 'commune'],
      ['mode=REAL', 'mode'],
      ['language=fran%C3%A7ais', 'language'],
      ['comune=91345', 'comune'],
    ] as const) {
      const answer = await get(`${path}?${query}`);
      const { errors } = (await answer.json()) as { errors: { extensions: { fields: { path: string }[] } }[] };
      expect([answer.status, new Set(errors[0]?.extensions.fields.map((field) => field.path))]).toEqual([
        400,
        new Set([name]),
      ]);
    }
  });

  it('holds exercises only for those who ask', async () => {
    const asked = await (await get(`${path}?mode=EXERCISE`)).text();
    expect(await (await get(path)).text()).not.toContain(exercise.id);
    if (/publications|alerts/.test(path)) expect(asked).toContain(exercise.id);
    expect(asked).not.toContain(alert.id);
  });
});

it('tells what is live, the newest first, one link for each revision', async () => {
  expect(await links()).toEqual([linkOf(event), linkOf(closure), linkOf(alert)]);
  expect(await links('?kind=ALERT&commune=91345')).toEqual([linkOf(alert)]);
  expect(await links('?kind=alert,closure&severity=EXTREME')).toEqual([linkOf(closure)]);
  expect(await links('?commune=91228')).toEqual([]);
  closure = await release(hub, await revise(hub, 'Closure', closure, closureInput({ cause: 'Crue' })));
  expect((await links())[0]).toBe(linkOf(closure, 2));
});

it('gives each event a calendar of its own, for good', async () => {
  const answer = await get(`/events/${event.id}.ics`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
  const uidOf = (text: string) =>
    new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent')?.getFirstPropertyValue('uid');
  expect(uidOf(await answer.text())).toBe(event.id);
  const { version } = event;
  const reason = { id: event.id, version, reason: 'Orage' };
  await hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!, $reason: String!) { cancelPublication(id: $id, version: $version, reason: $reason) { publication { id } } }',
      reason,
    );
  const after = await (await get(`/events/${event.id}.ics`)).text();
  expect(after).toContain('STATUS:CANCELLED');
  expect(after).toContain('SEQUENCE:1');
  expect(await (await get('/feeds/events.ics')).text()).toContain('STATUS:CANCELLED');
  expect((await links())[0]).toBe(`${linkOf(event)}#cancelled`);
  for (const path of [`/events/${alert.id}.ics`, '/events/nothing.ics', `/events/${event.id}`])
    expect((await get(path)).status).toBe(404);
});

it.each(['/feeds/publications.json', '/feeds/social/mastodon.json'])(
  'tells programs in %s what GraphQL tells of each publication',
  async (path) => {
    const { publications } = await hub.as().request<{ publications: { nodes: Fields[] } }>(
      `{ publications(where: { states: [UPCOMING, IN_FORCE, ENDED, CANCELLED] }) { nodes {
       thread kind mode state revision startsAt endsAt ending { kind at } communes { code }
       history { publisher { kind name shortName } signatories { kind name shortName } }
       ... on AlertPublication { severity vigilance } } } }`,
    );
    const told = publications.nodes.map(({ communes, history, ...fields }) => ({
      about: `${hub.url}/graphql`,
      severity: null,
      vigilance: null,
      ...fields,
      ...history.at(-1),
      communes: communes.map(({ code }) => code),
    }));
    const { items } = (await (await get(path)).json()) as { items: { url: string; _tocsin: { thread: string } }[] };
    const byThread = (one: { thread: string }, other: { thread: string }) => (one.thread < other.thread ? -1 : 1);
    expect(items.map(({ _tocsin }) => _tocsin).sort(byThread)).toEqual(told.sort(byThread));
    for (const { url: link, _tocsin } of items) expect(link).toContain(_tocsin.thread);
    expect(told.map(({ state }) => state)).toContain('CANCELLED');
  },
);

it('names every feed on the public page, for the commune that is shown', async () => {
  const page = await (await get('/?commune=91345')).text();
  const named = [...page.matchAll(/<link rel="alternate" type="[^"]+" href="([^"]+)"/g)].map(([, href = '']) => href);
  expect(named.length).toBeGreaterThan(5);
  for (const href of named) expect([href, (await get(href)).status]).toEqual([href, 200]);
});

it('tells machines what a page says, in the page and beside it, and of no exercise', async () => {
  const answer = await get(`/publications/${alert.id}.jsonld`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/ld+json']);
  const beside = (await answer.json()) as Record<string, unknown>;
  expect(beside).toMatchObject({ '@type': 'SpecialAnnouncement', url: `${hub.url}/publications/${alert.id}` });
  const inside = async (path: string) =>
    /<script type="application\/ld\+json">(.*?)<\/script>/.exec(await (await get(path)).text())?.[1];
  expect(JSON.parse((await inside(`/publications/${alert.id}`)) ?? '')).toEqual(beside);
  // An earlier revision is told to people alone, with what replaced it.
  expect(await inside(`/publications/${closure.id}/r/1`)).toBeUndefined();
  expect(await inside(`/publications/${closure.id}/r/2`)).toContain('"version":2');
  expect(await inside(`/publications/${exercise.id}`)).toBeUndefined();
  expect((await get(`/publications/${exercise.id}.jsonld`)).status).toBe(404);
  expect((await get(`/publications/${exercise.id}.jsonld?mode=EXERCISE`)).status).toBe(200);
  expect((await get('/publications/00000000-0000-0000-0000-000000000000.jsonld')).status).toBe(404);
});
