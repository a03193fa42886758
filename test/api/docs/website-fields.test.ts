import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { closureInput, publishNew } from '../../support/desk/desk.ts';
import { fieldPaths } from '../../support/docs/field-paths.ts';
import { namesInTable } from '../../support/docs/tables.ts';
import { startHub } from '../../support/hub/hub.ts';

/** docs/integrations/website.md names every field of every format: what it names is answered, and what is answered it names. */
const page = await readFile(path.join(import.meta.dirname, '../../../docs/integrations/website.md'), 'utf8');
const named = (heading: string, column?: number) => namesInTable(page, heading, column);

const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
afterAll(() => hub.close());

const get = async <T>(address: string) => (await (await fetch(`${hub.url}${address}`)).json()) as T;
/** Every field that one of these has, without the inside of shapes, which RFC 7946 describes. */
const fieldsOf = (values: readonly object[]) => {
  const paths = values.flatMap((value) => fieldPaths(value)).map((field) => field.slice(1));
  return [...new Set(paths)].filter((field) => !/\b(point|path)\.(type|coordinates)$/.test(field)).sort();
};
const sorted = (...names: string[][]) => names.flat().sort();

interface Collection {
  features: { properties: object }[];
}
interface Item {
  tags: string[];
  _tocsin: { thread: string; kind: string };
}
const items = async (address: string) => (await get<{ items: Item[] }>(address)).items;

beforeAll(async () => {
  const line = { type: 'LineString', coordinates: closureInput().path.coordinates };
  const { id } = await publishNew(
    hub,
    'Closure',
    closureInput({
      detour: { text: 'Par Corbeil.', path: line },
      crossingPoints: [{ label: 'Pont', point: { type: 'Point', coordinates: line.coordinates[0] } }],
    }),
  );
  const seen =
    'mutation ($id: ID!, $at: DateTime!) { observeClosure(id: $id, observedAt: $at, state: IN_PLACE) { asOf } }';
  await hub.as('editor').request(seen, { id, at: new Date().toISOString() });
});

it.each([
  ['alerts', 'property of an alert'],
  ['closures', 'property of a closure'],
  ['aid-points', 'property of an aid point'],
])('names the properties of /geo/%s.geojson', async (map, heading) => {
  const { features } = await get<Collection>(`/geo/${map}.geojson`);
  expect(fieldsOf(features.map(({ properties }) => properties))).toEqual(
    sorted(named('property of every feature'), named(heading)),
  );
});

it('names the fields of an item of JSON Feed, and those of _tocsin', async () => {
  const all = [...(await items('/feeds/publications.json')), ...(await items('/feeds/social/mastodon.json'))];
  const fields = fieldsOf(all);
  expect(fields.filter((field) => !field.includes('.'))).toEqual(sorted(named('RSS', 1)));
  const cancelled = await publishNew(hub);
  await hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur.") { asOf } }',
      {
        id: cancelled.id,
        version: cancelled.version,
      },
    );
  const facts = (await items('/feeds/publications.json')).map(({ _tocsin }) => _tocsin);
  expect(fieldsOf(facts)).toEqual(sorted(named('field of `_tocsin`')));
});

it('names the elements of an item of RSS', async () => {
  const elements = async (address: string) => {
    const text = await (await fetch(`${hub.url}${address}`)).text();
    const found = Array.from(new DOMParser().parseFromString(text, 'text/xml').getElementsByTagName('item'));
    return found.flatMap((item) => Array.from(item.childNodes).map(({ nodeName }) => nodeName));
  };
  const all = [...(await elements('/feeds/publications.rss')), ...(await elements('/feeds/social/mastodon.rss'))];
  expect([...new Set(all)].sort()).toEqual(sorted(named('RSS')));
});

it('says truly what the categories of Atom are, and that no page of the hub can be framed', async () => {
  const atom = await (await fetch(`${hub.url}/feeds/alerts.atom`)).text();
  const terms = new Set([...atom.matchAll(/<category term="(\w+)"/g)].map(([, term]) => `\`${term}\``));
  expect(page).toContain(`its categories are CAP's (${[...terms].sort().join(', ')})`);
  const [{ _tocsin }] = (await items('/feeds/publications.json')) as [Item];
  for (const address of ['/', `/publications/${_tocsin.thread}`, `/publications/${_tocsin.thread}/r/1`]) {
    const { headers } = await fetch(`${hub.url}${address}`, { headers: { accept: 'text/html' } });
    expect([address, headers.get('content-security-policy')]).toEqual([
      address,
      expect.stringContaining("frame-ancestors 'none'"),
    ]);
  }
});

it('names the first tag of each kind', async () => {
  const rows = page.split('\n').filter((line) => /^\| `[A-Z_]+` \| `[^`]+`/.test(line));
  const told = rows.map((row) => [...row.matchAll(/`([^`]+)`/g)].slice(0, 2).map(([, name]) => name));
  const first = (await items('/feeds/publications.json')).map(({ tags, _tocsin }) => [_tocsin.kind, tags[0]]);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(first));
});

it('names the properties of linked data, by type', async () => {
  const all = await items('/feeds/publications.json');
  const data = await Promise.all(
    all.map(({ _tocsin }) => get<{ '@type': string }>(`/publications/${_tocsin.thread}.jsonld`)),
  );
  const types = ['SpecialAnnouncement', 'Event', 'ClaimReview'];
  expect([...new Set(data.map((one) => one['@type']))].sort()).toEqual(sorted(types));
  for (const type of types) {
    const keys = data.filter((one) => one['@type'] === type).flatMap((one) => Object.keys(one));
    const article = type === 'Event' ? 'an' : 'a';
    expect([...new Set(keys)].sort()).toEqual(
      sorted(named('property of everything'), named(`property of ${article} ${type}`)),
    );
  }
});
