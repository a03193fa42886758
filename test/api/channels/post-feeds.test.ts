import papa from 'papaparse';
import Parser from 'rss-parser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NETWORKS } from '../../../src/channels/social/fitting/networks.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, closureInput, publishNew, release, revise, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Item {
  title?: string;
  link?: string;
  guid?: string;
  pubDate?: string;
  content?: string;
  image?: { $: { url: string; type: string } };
}
const parser = new Parser<object, Item>({ customFields: { item: [['media:content', 'image']] } });
const feed = (name: string) => fetch(`${hub.url}/feeds/social/${name}`);
const items = async (name: string) => (await parser.parseString(await (await feed(name)).text())).items;
const posts = async (network: string) => {
  const query = `{ socialPosts(network: ${network}, where: { states: [UPCOMING, IN_FORCE, CANCELLED] }) { nodes { text url imageUrl } } }`;
  const answer = await hub
    .as()
    .request<{ socialPosts: { nodes: { text: string; url: string; imageUrl: string | null }[] } }>(query);
  return answer.socialPosts.nodes;
};

let alert: Written;
beforeAll(async () => {
  alert = await publishNew(hub);
  await publishNew(hub, 'Closure');
});

it.each(NETWORKS)('tells %s by RSS, JSON Feed and CSV what socialPosts tells, newest first', async (network) => {
  const name = network.toLowerCase();
  const told = await posts(network);
  expect(told.length).toBeGreaterThan(1);
  const byRss = await items(`${name}.rss`);
  expect(byRss.map(({ content, link }) => [content, link])).toEqual(told.map(({ text, url: link }) => [text, link]));
  expect(byRss.map(({ guid }) => guid)).toEqual(told.map((post) => post.url));
  expect(byRss.map(({ image }) => image?.$.url ?? null)).toEqual(told.map(({ imageUrl }) => imageUrl));
  const json = (await (await feed(`${name}.json`)).json()) as { version: string; items: Record<string, string>[] };
  expect(json.version).toBe('https://jsonfeed.org/version/1.1');
  expect(json.items.map(({ id, content_text }) => [content_text, id])).toEqual(
    told.map((post) => [post.text, post.url]),
  );
  const sheet = papa.parse<Record<string, string>>(await (await feed(`${name}.csv`)).text(), {
    header: true,
    skipEmptyLines: true,
  });
  expect(sheet.meta.fields).toEqual(['date', 'message', 'link']);
  expect(sheet.data.map(({ message, link }) => [message, link])).toEqual(told.map((post) => [post.text, post.url]));
  for (const { date } of sheet.data) expect(Date.parse(date ?? '')).not.toBeNaN();
});

it('puts what changed first, under a link of its own: schedulers look at the newest alone', async () => {
  const before = await items('mastodon.rss');
  const next = await release(hub, await revise(hub, 'Alert', alert, alertInput({ severity: 'MODERATE' })));
  const [first, ...rest] = await items('mastodon.rss');
  expect(first?.link).toBe(`${hub.url}/publications/${alert.id}/r/2`);
  expect(before.map(({ link }) => link)).not.toContain(first?.link);
  expect(rest.map(({ link }) => link)).not.toContain(`${hub.url}/publications/${alert.id}/r/1`);
  await hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur.") { publication { id } } }',
      {
        id: next.id,
        version: next.version,
      },
    );
  const [ended] = await items('mastodon.rss');
  expect(ended).toMatchObject({
    link: `${hub.url}/publications/${alert.id}/r/2#cancelled`,
    title: 'Alerte annulée · Vigilance jaune : inondation',
  });
});

it('answers 304 to whoever has it, and by commune and kind', async () => {
  const answer = await feed('x.csv');
  expect(answer.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
  const again = await fetch(answer.url, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect((await items('x.rss?kind=CLOSURE')).map(({ title }) => title)).toEqual(['Route fermée : D31']);
  expect(await items('x.rss?commune=91377')).toEqual([]);
  expect((await feed('x.rss?comune=91377')).status).toBe(400);
  expect((await feed('myspace.rss')).status).toBe(404);
});

it('leaves exercises to those who ask for them (I-10)', async () => {
  const texts = [{ language: 'fr-FR', headline: 'EXERCICE : crue', description: 'Essai.', instruction: 'Rien.' }];
  await publishNew(hub, 'Closure', closureInput({ mode: 'EXERCISE', texts }));
  for (const name of NETWORKS.map((network) => network.toLowerCase())) {
    expect(await (await feed(`${name}.rss`)).text()).not.toContain('EXERCICE');
    const drills = await items(`${name}.rss?mode=EXERCISE`);
    expect(drills.map(({ content }) => /^EXERCICE [–-] Route fermée/.test(content ?? ''))).toEqual([true]);
  }
});
