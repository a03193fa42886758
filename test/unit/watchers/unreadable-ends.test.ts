import { expect, it } from 'vitest';
import { isCurrent } from '../../../src/watchers/news/standing.rules.ts';
import { readFeed } from '../../../src/watchers/reading/feed.ts';

const read = (expires: string) =>
  readFeed(
    new TextEncoder().encode(`<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A1</identifier>
      <sender>a@b.example</sender><sent>2026-11-27T10:00:00+01:00</sent><status>Actual</status><info><event>Vent</event>
      <expires>${expires}</expires></info></alert>`),
  );

it.each(['unknown', 'inconnue', '31/02/2026', '2026-13-01T00:00:00', 'jusqu’à nouvel ordre', '99999999999'])(
  'an end that reads %j is told as a fault, and hides no warning',
  (expires) => {
    const { items, faults } = read(expires);
    expect(faults.join()).toContain('expires illisible');
    expect(items.map((item) => isCurrent(item, new Date('2026-11-27T12:00:00+01:00')))).toEqual([true]);
  },
);
