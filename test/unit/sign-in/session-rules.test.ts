import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookieOf, idleEnd, returnPath } from '../../../src/sign-in/session.rules.ts';

describe('where a person goes on', () => {
  it.each([
    ['/', '/'],
    ['/desk', '/desk'],
    ['/desk/d/42?tab=map&x=%2F#top', '/desk/d/42?tab=map&x=%2F#top'],
    ['/é', '/%C3%A9'],
    ['/a/../b', '/b'],
    ['/%2F%2Fevil', '/%2F%2Fevil'],
  ])('%j is a path of this hub', (given, path) => expect(returnPath(given)).toBe(path));

  it('is always a path of this hub, whatever a stranger writes, as every browser reads it', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2e',
      '%5c',
      '%2f',
      '@',
      ':',
      'evil',
      '\t',
      '\n',
      '?',
      '#',
      ' ',
      '\u0000',
    );
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((all) => all.join('')),
      fc.webUrl(),
      fc.string(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const path = returnPath(text);
        const own = 'https://alerte.example.fr';
        const read = new URL(path, `${own}/desk/callback`);
        expect([read.origin, path.startsWith('/') && !path.startsWith('//')]).toEqual([own, true]);
      }),
    );
  });

  it.each([undefined, null, 1, ['/desk'], {}])('%j is none', (given) => expect(returnPath(given)).toBe('/'));
});

it('a cookie is one value under its very name', () => {
  const read = (header?: string) => cookieOf(header, 'name');
  expect(read('other=1; name=value;third=')).toBe('value');
  expect(read('name=a=b')).toBe('a=b');
  for (const header of [undefined, '', 'name', 'name=', 'xname=1', 'Name=1', 'x=name=1', 'name=1; name=1'])
    expect(read(header)).toBeUndefined();
});

it('a session is over two hours after it was used, and never after its end', () => {
  const times = { idleMinutes: 120, longestHours: 12 };
  expect(idleEnd({ seenAt: 0, endsAt: 43_200_000 }, times)).toBe(7_200_000);
  expect(idleEnd({ seenAt: 43_000_000, endsAt: 43_200_000 }, times)).toBe(43_200_000);
});
