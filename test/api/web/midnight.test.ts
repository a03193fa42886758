import Parser from 'rss-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NETWORKS } from '../../../src/channels/social/fitting/networks.ts';
import { SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  aidPointInput,
  alertInput,
  closureInput,
  eventInput,
  publishNew,
  type Written,
} from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, clock: new SetClock('2026-11-24T12:00:00+01:00') });
afterAll(() => hub.close());

/** A day of November 2026 in Paris. */
const at = (day: number, time = '00:00') => `2026-11-${day}T${time}:00+01:00`;
const spoken = (headline: string, language = 'fr-FR') => ({ language, headline, description: headline });
const LANGUAGES = ['fr-FR', 'en-GB', 'de-DE', 'ar'];

let alert: Written;
let closure: Written;
let event: Written;
let shelter: Written;
beforeAll(async () => {
  const texts = LANGUAGES.map((language) => spoken(`Alerte ${language}`, language));
  alert = await publishNew(hub, 'Alert', alertInput({ endsAt: at(27), texts }));
  closure = await publishNew(
    hub,
    'Closure',
    closureInput({ startsAt: at(26), endsAt: at(28), texts: [spoken('Route fermée deux jours')] }),
  );
  const passages = [{ label: 'Montgeron', expectedFrom: at(28), commune: '91421' }];
  event = await publishNew(
    hub,
    'Event',
    eventInput({ startsAt: at(28), endsAt: at(28, '23:59'), passages, texts: [spoken('Fête')] }),
  );
  shelter = await publishNew(hub, 'AidPoint', aidPointInput({ startsAt: at(27), texts: [spoken('Gymnase ouvert')] }));
});

const get = async (path: string) => {
  const answer = await fetch(`${hub.url}${path}`);
  expect(answer.status).toBe(200);
  return answer.text();
};
/** As people see it: without tags and their attributes, every space an ordinary one. */
const seen = (text: string) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/gu, ' ');
interface Posts {
  items: { content_text: string }[];
}
const CLOCK = /\d{1,2}:\d{2}/;

describe('midnight', () => {
  it('ends the day before and begins its own, on every page', async () => {
    const list = seen(await get('/'));
    expect(list).toContain('jusqu’au jeudi 26 novembre à minuit');
    expect(list).toContain('du jeudi 26 novembre à 0 h au vendredi 27 novembre à minuit');
    expect(list).toContain('du samedi 28 novembre à 0 h au samedi 28 novembre à 23 h 59');
    expect(list).toContain('dès vendredi 27 novembre à 0 h');
    expect(list).toContain('Mis à jour le mardi 24 novembre à 12 h ');
    expect(list).not.toMatch(CLOCK);
    for (const { id } of [alert, closure, event, shelter]) {
      const page = await get(`/publications/${id}`);
      expect(seen(page.replace(/<script.*?<\/script>/gs, ''))).not.toMatch(CLOCK);
    }
    expect(seen(await get(`/publications/${alert.id}`))).toContain('jusqu’au jeudi 26 novembre à minuit');
  });

  it('is said so in feeds, in plain text as in HTML', async () => {
    const { items } = JSON.parse(await get('/feeds/publications.json')) as {
      items: { url: string; content_text: string; content_html: string }[];
    };
    const rss = await new Parser().parseString(await get('/feeds/publications.rss'));
    const textOf = ({ id }: Written) => {
      const item = items.find(({ url: link }) => link.includes(id));
      const inRss = rss.items.find(({ link }) => link?.includes(id))?.content ?? '';
      for (const text of [item?.content_html ?? '', inRss]) expect(seen(text)).toContain(seen(lastLines(item)));
      return seen(item?.content_text ?? '');
    };
    const lastLines = (item: (typeof items)[number] | undefined) =>
      /(?:Du|Jusqu’au|Dès) .*/.exec(item?.content_text ?? '')?.[0] ?? 'no window';
    expect(textOf(alert)).toContain('Jusqu’au jeudi 26 novembre 2026 à minuit');
    expect(textOf(closure)).toContain('Du jeudi 26 novembre 2026 à 0 h au vendredi 27 novembre 2026 à minuit');
    expect(textOf(event)).toContain('samedi 28 novembre 2026 à 0 h — Montgeron');
    expect(textOf(event)).toContain('Du samedi 28 novembre 2026 à 0 h au samedi 28 novembre 2026 à 23 h 59');
    expect(textOf(shelter)).toContain('Dès vendredi 27 novembre 2026 à 0 h');
  });

  it.each(['en-GB', 'de-DE', 'ar'])('is said in English beside a text in %s', async (language) => {
    const { items } = JSON.parse(await get(`/feeds/publications.json?kind=ALERT&language=${language}`)) as {
      items: { content_text: string; language: string }[];
    };
    expect(items.map((item) => item.language)).toEqual([language]);
    expect(items[0]?.content_text).toMatch(/Until Thursday,? 26 November 2026 at midnight/);
    const posts = JSON.parse(await get(`/feeds/social/mastodon.json?kind=ALERT&language=${language}`)) as Posts;
    expect(posts.items[0]?.content_text).toContain('Until Thursday 26 November at midnight');
  });

  it.each(NETWORKS.map((network) => network.toLowerCase()))(
    'is said so in posts for %s, and on their cards',
    async (network) => {
      const [json, csv] = [await get(`/feeds/social/${network}.json`), await get(`/feeds/social/${network}.csv`)];
      const { items } = JSON.parse(json) as Posts;
      const said = items.map(({ content_text }) => seen(content_text)).join(' ');
      expect(said).toMatch(/Jusqu[’']au (?:jeudi )?26 nov(?:embre|\.) à minuit/);
      expect(said).toMatch(/Du (?:jeudi )?26 nov(?:embre|\.) à 0 h au (?:vendredi )?27 nov(?:embre|\.) à minuit/);
      expect(said).toMatch(/au (?:samedi )?28 nov(?:embre|\.) à 23 h 59/);
      expect(said).toMatch(/Dès (?:vendredi|le) 27 nov(?:embre|\.) à 0 h/);
      expect(said).not.toMatch(CLOCK);
      expect(csv).toContain('à minuit');
      const { socialPosts } = await hub
        .as()
        .request<{ socialPosts: { nodes: { imageAlt: string | null }[] } }>(
          `{ socialPosts(network: ${network.toUpperCase()}) { nodes { imageAlt } } }`,
        );
      const alts = socialPosts.nodes.map(({ imageAlt }) => seen(imageAlt ?? '')).join(' ');
      if (alts.trim()) expect(alts).toMatch(/jeudi 26 novembre à minuit.*24 novembre 2026 à 12 h/s);
      expect(alts).not.toMatch(CLOCK);
    },
  );
});
