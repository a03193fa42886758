import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  closureInput,
  eventInput,
  publishNew,
  release,
  revise,
  type Written,
} from '../../support/desk/desk.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
const hubs: Hub[] = [hub];
afterAll(async () => {
  for (const one of hubs) await one.close();
});

interface Item {
  id: string;
  title: string;
  content_text: string;
  _tocsin: { thread: string; left?: true };
}

let moved: Written;
let lowered: Written;
let event: Written;
let closure: Written;
beforeAll(async () => {
  moved = await publishNew(hub);
  lowered = await publishNew(hub);
  event = await publishNew(hub, 'Event');
  closure = await publishNew(hub, 'Closure');
  await release(
    hub,
    await revise(hub, 'Alert', moved, alertInput({ areas: [{ description: 'Athis', communes: ['91027'] }] })),
  );
  await release(hub, await revise(hub, 'Alert', lowered, alertInput({ severity: 'MODERATE' })));
  await release(
    hub,
    await revise(hub, 'Event', event, eventInput({ areas: [{ description: 'Massy', communes: ['91377'] }] })),
  );
  const path = {
    type: 'LineString',
    coordinates: [
      [2.25, 48.73],
      [2.26, 48.735],
    ],
  };
  await release(hub, await revise(hub, 'Closure', closure, closureInput({ path })));
});

/** A second hub on the same database reads at its start what the first one was told. */
const others = async () => {
  if (hubs.length === 1) hubs.push(await startHub({ url }));
  return hubs;
};
const get = async ({ url: base }: Hub, path: string) => (await fetch(`${base}${path}`)).text();
const itemsOf = async (one: Hub, path: string) => (JSON.parse(await get(one, path)) as { items: Item[] }).items;

describe('what left a place', () => {
  it('is an item of its own there for a day, and nowhere else', async () => {
    for (const one of await others()) {
      const items = await itemsOf(one, '/feeds/publications.json?commune=91345');
      const left = items.find(({ _tocsin }) => _tocsin.thread === moved.id);
      expect(left?.title).toBe('Ne concerne plus Longjumeau : L’Yvette déborde à Longjumeau');
      expect(left?.content_text).toContain('Communes : Athis-Mons');
      expect(left?.content_text).not.toContain('Éloignez-vous');
      expect(left?.id).toMatch(new RegExp(`/publications/${moved.id}/r/2#left-91345$`));
      expect(await get(one, '/feeds/publications.rss?commune=91345')).toContain(`/r/2#left-91345</guid>`);
      const there = await itemsOf(one, '/feeds/publications.json?commune=91027');
      expect(there.find(({ _tocsin }) => _tocsin.thread === moved.id)?.title).toBe('L’Yvette déborde à Longjumeau');
      for (const path of ['/feeds/publications.json', '/feeds/publications.json?commune=91421&kind=ALERT'])
        expect((await itemsOf(one, path)).filter(({ _tocsin }) => _tocsin.left)).toEqual([]);
    }
  });

  it('and what fell below a gravity is said to be less grave', async () => {
    for (const one of await others()) {
      const items = await itemsOf(one, '/feeds/publications.json?severity=SEVERE&kind=ALERT');
      const less = items.find(({ _tocsin }) => _tocsin.thread === lowered.id);
      expect(less?.title).toBe('Vigilance abaissée : L’Yvette déborde à Longjumeau');
      expect(less?.content_text).toContain('Vigilance jaune');
      expect(less?.id).toMatch(/#left-severe$/);
    }
  });

  it('is the Update itself in CAP’s feed', async () => {
    for (const one of await others()) {
      const atom = await get(one, '/feeds/alerts.atom?commune=91345');
      const entry = atom.split('<entry').find((text) => text.includes(moved.id)) ?? '';
      expect(entry).toContain('<cap:msgType>Update</cap:msgType>');
      expect(entry).toContain('<cap:value>91027</cap:value>');
      expect(entry).not.toContain('<cap:value>91345</cap:value>');
      expect(await get(one, '/feeds/alerts.atom?severity=SEVERE')).toContain(lowered.id);
      expect(await get(one, '/feeds/alerts.atom?commune=91421')).not.toContain(moved.id);
    }
  });

  it('is off in the calendar of the place, and on in the one where it is now', async () => {
    const read = async (one: Hub, commune: string) =>
      new ICAL.Component(ICAL.parse(await get(one, `/feeds/events.ics?commune=${commune}`)))
        .getAllSubcomponents('vevent')
        .map((part) =>
          ['uid', 'status', 'sequence', 'summary'].map((name) => String(part.getFirstPropertyValue(name))),
        );
    for (const one of await others()) {
      expect(await read(one, '91421')).toEqual([
        [event.id, 'CANCELLED', '1', 'Ne concerne plus Montgeron : Départ du Tour à Montgeron'],
      ]);
      expect(await read(one, '91377')).toEqual([[event.id, 'CONFIRMED', '1', 'Départ du Tour à Montgeron']]);
    }
  });

  it('stands in the road feeds of the place as it is now', async () => {
    for (const one of await others())
      for (const path of ['/closures/cifs.xml', '/closures/datex2.xml']) {
        const text = await get(one, `${path}?commune=91086`);
        expect(text).toContain(closure.id);
        expect(text).toContain('48.73');
        expect(await get(one, `${path}?commune=91027`)).not.toContain(closure.id);
      }
  });

  it('is a post of its own, which a scheduler can send and acknowledge', async () => {
    for (const one of await others())
      for (const network of ['x', 'mastodon', 'sms', 'instagram']) {
        const items = await itemsOf(one, `/feeds/social/${network}.json?commune=91345`);
        const post = items.find(({ _tocsin }) => _tocsin.thread === moved.id);
        expect(post?.content_text).toMatch(/Ne concerne plus Longjumeau [·-] Vigilance orange/);
        expect(post?.content_text).toContain('/r/2#left-91345');
      }
    const [post] = (await itemsOf(hub, '/feeds/social/mastodon.json?commune=91345')).filter(
      ({ _tocsin }) => _tocsin.left,
    );
    const { acknowledgePost } = await hub.as('scheduler').request<{
      acknowledgePost: { sentPost: { phase: string; outdated: boolean } };
    }>(
      'mutation ($post: URL!) { acknowledgePost(network: MASTODON, post: $post, url: "https://mastodon.example/@essonne/9") { sentPost { phase outdated } } }',
      { post: post?.id },
    );
    expect(acknowledgePost.sentPost).toEqual({ phase: 'LEFT', outdated: false });
  });
});
