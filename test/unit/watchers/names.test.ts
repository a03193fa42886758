import { describe, expect, it } from 'vitest';
import { namesOf } from '../../../src/watchers/news/names.rules.ts';
import { readFeed } from '../../../src/watchers/reading/feed.ts';

const itemsOf = (...items: string[]) =>
  readFeed(Buffer.from(`<rss version="2.0"><channel><title>x</title>${items.join('')}</channel></rss>`)).items;
const guid = (name: string, title = 'Crue') => `<item><guid>${name}</guid><title>${title}</title></item>`;
const thingOf = (name: string, feedUrl: string) => namesOf(itemsOf(guid(name)), feedUrl)[0]?.thing;

describe('the name of a thing', () => {
  const FEED = 'https://www.ville.example/fil.xml?n=1';
  it.each([
    ['1', 'http://www.ville.example/fil.xml?n=1'],
    ['1', 'https://ville.example/fil.xml?n=1'],
    ['1', 'HTTPS://WWW.Ville.example:443/fil.xml?n=1'],
    ['1', 'http://ville.example:80/fil.xml?n=1#haut'],
  ])('is the same for guid %s in the feed at %s', (name, feedUrl) => {
    expect(thingOf(name, feedUrl)).toBe(thingOf('1', FEED));
  });

  it.each([
    ['http://ville.example/a', 'https://ville.example/other.xml'],
    ['https://www.ville.example/a', 'http://ville.example/other.xml'],
  ])('is the same for the address %s in every feed of its host', (name, feedUrl) => {
    expect(thingOf(name, feedUrl)).toBe(thingOf('https://www.ville.example/a', FEED));
  });

  it.each([
    ['1', 'https://www.ville.example/fil.xml?n=2'],
    ['1', 'https://www.ville.example/other.xml'],
    ['1', 'https://autre.example/fil.xml?n=1'],
    ['1', 'https://ville.example:8443/fil.xml?n=1'],
    ['2', FEED],
  ])('is another for guid %s in the feed at %s', (name, feedUrl) => {
    expect(thingOf(name, feedUrl)).not.toBe(thingOf('1', FEED));
  });

  it.each(['https://www.ville.example/a', 'urn:uuid:1', 'tag:ville.example,2026:1'])(
    'is another on another host: %s',
    (name) => {
      expect(thingOf(name, 'https://autre.example/fil.xml?n=1')).not.toBe(thingOf(name, FEED));
    },
  );

  it('stands twice where other words stand under it, and not where the same do', () => {
    const items = itemsOf(guid('1', 'Un'), guid('1', 'Deux'), guid('2', 'Trois'), guid('2', ' TROIS '), guid('3'));
    expect(namesOf(items, FEED).map(({ standsTwice }) => standsTwice)).toEqual([true, true, false, false, false]);
  });
});
