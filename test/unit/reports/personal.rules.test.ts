import fc from 'fast-check';
import { expect, it } from 'vitest';
import { masking } from '../../../src/reports/personal/personal.rules.ts';

const masked = (text: string, people: string[] = []) => masking(people).mask(text);

it.each([
  '06 12 34 56 78',
  '0612345678',
  '06.12.34.56.78',
  '06-12-34-56-78',
  '+33 6 12 34 56 78',
  '+33 (0)6 12 34 56 78',
  '0033612345678',
  '+44 20 7946 0958',
])('the telephone number %s is taken out', (number) => {
  expect(masked(`Appelez-moi au ${number}, merci`)).toBe('Appelez-moi au [téléphone 1], merci');
});

it.each([
  'le 02.06.2016 14h00',
  'le 2016-06-02 14 00 00',
  'la D257 et la RN20',
  'cote 4,50 m à 18:30',
  '91345 Longjumeau, 21 000 habitants',
  'https://www.essonne.fr/actualites/2016/06/02/crue-de-l-yvette',
])('nothing is taken out of: %s', (text) => {
  expect(masked(text)).toBe(text);
});

it('e-mail addresses and accounts are taken out, and the same one gets the same mark', () => {
  expect(masked('@jean_d écrit à marie.b@example.org ; @jean_d@mastodon.example et @jean_d répondent')).toBe(
    '[compte 1] écrit à [courriel 1] ; [compte 2] et [compte 1] répondent',
  );
});

it('addresses that name an account are taken out of a text; a post on X stays findable without it', () => {
  expect(masked('vu sur https://mastodon.example/@jean/12 et https://x.com/jean_d/status/123456.')).toBe(
    'vu sur [compte 1] et https://x.com/i/status/123456.',
  );
});

it('named people are taken out whatever the case, the longest name first', () => {
  expect(masked('Jean Dupont et JEAN, mais pas Jeanne', ['Jean', 'Jean Dupont'])).toBe(
    '[personne 1] et [personne 2], mais pas Jeanne',
  );
});

it('an address that names an account or carries a number is not shown', () => {
  const personal = masking(['Jean Dupont']);
  expect(personal.address('https://www.facebook.com/jean.dupont.91')).toBeNull();
  expect(personal.address('https://example.org/appel?tel=0612345678')).toBeNull();
  expect(personal.address('https://example.org/les-mots-de-jean-dupont')).toBeNull();
  expect(personal.address('https://twitter.com/jean_d/status/99?s=20')).toBe('https://x.com/i/status/99');
  expect(personal.address('https://www.leparisien.fr/essonne-91/crue')).toBe(
    'https://www.leparisien.fr/essonne-91/crue',
  );
});

it.each([
  ['0@ a.b@c.fr', '[courriel 1][compte 1]'],
  ['0612345678@jean_d', '[téléphone 1][compte 1]'],
  ['a.b@c.fr@jean_d', '[courriel 1][compte 1]'],
  ['Jean Dupont@jean_d', '[personne 1][compte 1]'],
])('of %s an account that is glued to something personal goes too', (text, shown) => {
  expect(masked(text, ['Jean Dupont'])).toBe(shown);
});

it('a masked text holds nothing more to mask', () => {
  const personal = fc.constantFrom(
    '06 12 34 56 78',
    '+33612345678',
    '@jean_d',
    'a.b@c.fr',
    '0@',
    'x at y dot z',
    'https://x.com/a/status/1',
    'Jean Dupont',
    'crue',
  );
  const glue = fc.constantFrom(' ', ' ', '', '@', '.', '/');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.oneof(personal, fc.string()), glue), { maxLength: 12 }), (parts) => {
      const once = masked(parts.flat().join(''), ['Jean Dupont']);
      const again = masking(['Jean Dupont']);
      expect(again.mask(once)).toBe(once);
      expect(again.items).toEqual([]);
    }),
  );
});

it('a long text of one kind of character is masked in a moment', () => {
  for (const character of ['a', '@', '0', ' ', '+', '.', '@a.', '0 ']) {
    // What this process works, and not how long it waits for a core.
    const before = process.cpuUsage();
    masked(character.repeat(10_000));
    expect(process.cpuUsage(before).user / 1000, character).toBeLessThan(1_000);
  }
});
