import type { EntityManager } from '@mikro-orm/postgresql';
import { describe, expect, it } from 'vitest';
import { followLeads } from '../../../src/watchers/following/follow-leads.ts';
import { atRest } from '../../../src/watchers/following/follow-one.ts';
import type { Followed } from '../../../src/watchers/following/kept-messages.commands.ts';
import { leadOf } from '../../../src/watchers/following/leads.rules.ts';
import { batchesOf, isOver, withoutWords } from '../../../src/watchers/following/room.rules.ts';
import { readFeed } from '../../../src/watchers/reading/feed.ts';
import { readLinkedMessage } from '../../../src/watchers/reading/linked-message.ts';
import type { WatchedItem } from '../../../src/watchers/reading/watched-item.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';

const server = await feedServer();
const now = new Date('2026-06-05T12:00:00Z');
const LATER = '2026-06-06T12:00:00Z';
const BEFORE = '2026-06-05T11:00:00Z';
const CAP = 'urn:oasis:names:tc:emergency:cap:1.2';

const message = (identifier: string, { expires = LATER, more = '' } = {}) =>
  `<alert xmlns="${CAP}"><identifier>${identifier}</identifier><sender>a@b.example</sender><sent>${BEFORE}</sent>
  <status>Actual</status><msgType>Alert</msgType>${more}<info><event>Crue</event><expires>${expires}</expires>
  <headline>Crue ${identifier}</headline><description>${'Débordements. '.repeat(40)}</description></info></alert>`;

const feedOf = (names: readonly string[]) => {
  const entries = names.map(
    (name) => `<entry><id>urn:x:${name}</id><title>Avis ${name}</title><updated>${BEFORE}</updated>
      <link type="application/cap+xml" href="${server.url(`/m/${name}`)}"/></entry>`,
  );
  const text = `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>${entries.join('')}</feed>`;
  return readFeed(Buffer.from(text), 'application/atom+xml');
};

/** Follows the leads of a feed for which three messages of this test fill the room. */
async function follow(names: readonly string[], rows: readonly Followed[] = []) {
  const read = await followLeads(
    feedOf(names),
    { id: '0', url: server.url('/feed'), everyMinutes: 5 },
    {
      em: { find: async () => rows } as unknown as EntityManager,
      write: async () => {},
      mostBytes: 2_500,
      targets: { allow: () => true },
      signal: new AbortController().signal,
      now,
    },
  );
  return { ...read, titles: read.items.map(({ title }: WatchedItem) => title) };
}

/** The row of a message that was read before. */
function rowOf(name: string, text: string): Followed {
  const [item] = feedOf([name]).items;
  const lead = item && leadOf(item, server.url('/feed'), now);
  if (!lead) throw new Error(`${name} leads nowhere`);
  return { ...atRest(lead), ...readLinkedMessage(Buffer.from(text), ''), bytes: Buffer.byteLength(text) };
}

const NAMES = Array.from({ length: 12 }, (_, index) => `M${index}`);

describe('where the room for messages is full', () => {
  it('no entry is lost: what is left is told by its own words, beside a fault, and the feed is read anew', async () => {
    for (const name of NAMES) server.serve(`/m/${name}`, { body: message(name) });
    const { titles, faults, isWhole } = await follow(NAMES);
    expect(titles).toHaveLength(12);
    expect(titles.filter((title) => title.startsWith('Crue')).length).toBeGreaterThanOrEqual(3);
    expect(titles.filter((title) => title.startsWith('Avis')).length).toBeGreaterThanOrEqual(3);
    expect(faults).toContain('plus de 2500 octets de messages');
    expect(isWhole).toBe(false);
  });

  it('a new entry is told though nothing of the old ones leaves the feed', async () => {
    const rows = NAMES.slice(0, 4).map((name) => rowOf(name, message(name)));
    server.serve('/m/new', { body: message('new') });
    const { titles } = await follow(['new', ...NAMES.slice(0, 4)], rows);
    expect(titles).toEqual(['Avis new', 'Crue M0', 'Crue M1', 'Crue M2', 'Crue M3']);
    expect(server.asked('/m/new')).toEqual([]);
  });

  it('what is over gives its room back, and is neither fetched nor told again by the words of its entry', async () => {
    const rows = NAMES.slice(0, 4).map((name) => rowOf(name, message(name, { expires: BEFORE })));
    const before = server.asked('/m/M0').length;
    const { items, faults, isWhole } = await follow(['new', ...NAMES.slice(0, 4)], rows);
    expect(server.asked('/m/new')).toHaveLength(1);
    expect(server.asked('/m/M0')).toHaveLength(before);
    expect(items.map(({ cap }) => cap?.identifier)).toEqual(['new', 'M0', 'M1', 'M2', 'M3']);
    expect([faults, isWhole]).toEqual([[], true]);
  });
});

describe('a message gives its room back', () => {
  it.each<[string, string, boolean]>([
    ['once it is over', message('A', { expires: BEFORE }), true],
    ['not while it is in force', message('A'), false],
    [
      'not where it refers to another one',
      message('A', { expires: BEFORE, more: '<references>a,b,c</references>' }),
      false,
    ],
    ['not where it cancels', message('A', { expires: BEFORE }).replace('>Alert<', '>Cancel<'), false],
    ['not without an end while it is new', message('A').replace(/<expires>.*<\/expires>/, ''), false],
    [
      'without an end once it is old',
      message('A')
        .replace(/<expires>.*<\/expires>/, '')
        .replace(BEFORE, '2026-05-01T00:00:00Z'),
      true,
    ],
  ])('%s', (_when, text, expected) => {
    expect(isOver(rowOf('A', text), now)).toBe(expected);
  });

  it('but stays known, with its end', () => {
    const row = withoutWords(rowOf('A', message('A', { expires: BEFORE })));
    expect(row).toMatchObject({ bytes: 0, cap: { identifier: 'A', infos: [{ expires: BEFORE, description: null }] } });
    expect(isOver(row, now)).toBe(false);
  });
});

it('messages are written in transactions of a megabyte, however many there are', () => {
  const rows = [900_000, 50_000, 60_000, 1_000_000, 10, 10].map((bytes) => ({ ...rowOf('A', message('A')), bytes }));
  expect(batchesOf(rows).map((batch) => batch.map(({ bytes }) => bytes))).toEqual([
    [900_000, 50_000],
    [60_000],
    [1_000_000],
    [10, 10],
  ]);
});
