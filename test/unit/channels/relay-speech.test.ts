import { describe, expect, it } from 'vitest';
import { hourInWords, inWords, ordinalInWords } from '../../../src/channels/relay/spoken/numbers.rules.ts';
import { inSpeech } from '../../../src/channels/relay/spoken/say.rules.ts';
import { parisTime } from '../../../src/clock.ts';
import { formatDateTime, formatEnd } from '../../../src/publications/content/date-time.ts';

const VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    0: 'zéro',
    1: 'un une',
    2: 'deux',
    3: 'trois',
    4: 'quatre',
    5: 'cinq',
    6: 'six',
    7: 'sept',
    8: 'huit',
    9: 'neuf',
    10: 'dix',
    11: 'onze',
    12: 'douze',
    13: 'treize',
    14: 'quatorze',
    15: 'quinze',
    16: 'seize',
    20: 'vingt vingts',
    30: 'trente',
    40: 'quarante',
    50: 'cinquante',
    60: 'soixante',
  }).flatMap(([value, words]) => words.split(' ').map((word) => [word, Number(value)])),
);

/** Reads a French number back, word by word, by other rules than those that write it. */
function readNumber(words: string): number {
  let [whole, part, last] = [0, 0, 0];
  for (const word of words.split(/[\s-]+/)) {
    const value = VALUES[word];
    if (word === 'et') continue;
    if (word === 'mille') {
      whole += Math.max(part, 1) * 1000;
      part = 0;
    } else if (/^cents?$/.test(word)) part = Math.max(part, 1) * 100;
    else if (value === undefined) throw new Error(`${word} in ${words}`);
    else part += value === 20 && last === 4 ? 76 : value;
    last = value ?? 0;
  }
  return whole + part;
}

describe('a number in words', () => {
  it('is read back as itself, from 0 to 9,999, and is written in one way alone', () => {
    const written = Array.from({ length: 10_000 }, (_, number) => inWords(number));
    expect(written.map(readNumber)).toEqual(written.map((_, number) => number));
    expect(new Set(written).size).toBe(10_000);
  });

  it.each([
    [16, 'seize'],
    [21, 'vingt et un'],
    [31, 'trente et un'],
    [70, 'soixante-dix'],
    [71, 'soixante et onze'],
    [77, 'soixante-dix-sept'],
    [80, 'quatre-vingts'],
    [81, 'quatre-vingt-un'],
    [91, 'quatre-vingt-onze'],
    [99, 'quatre-vingt-dix-neuf'],
    [100, 'cent'],
    [101, 'cent un'],
    [200, 'deux cents'],
    [201, 'deux cent un'],
    [1_000, 'mille'],
    [1_980, 'mille neuf cent quatre-vingts'],
    [2_016, 'deux mille seize'],
    [80_000, 'quatre-vingt mille'],
    [200_000, 'deux cent mille'],
    [3_000_001, 'trois millions un'],
  ])('%i: %s', (number, words) => expect(inWords(number)).toBe(words));

  it('follows its noun, and has an order', () => {
    expect([1, 21, 61, 81, 11].map((number) => inWords(number, 'feminine'))).toEqual([
      'une',
      'vingt et une',
      'soixante et une',
      'quatre-vingt-une',
      'onze',
    ]);
    expect([1, 2, 5, 9, 21, 80].map((number) => ordinalInWords(number))).toEqual([
      'premier',
      'deuxième',
      'cinquième',
      'neuvième',
      'vingt et unième',
      'quatre-vingtième',
    ]);
  });
});

describe('a time of the day in words', () => {
  const minutes = Array.from({ length: 1_440 }, (_, minute) => minute);
  const readTime = (words: string): number => {
    const [, hour = '', minute = ''] = /^(.+?) heures?(?: (.+))?$/.exec(words) ?? [];
    return readNumber(hour) * 60 + (minute ? readNumber(minute) : 0);
  };

  it('is read back as itself, for each of the 1,440 minutes, however it was written', () => {
    for (const minute of minutes) {
      const [hours, rest] = [Math.floor(minute / 60), minute % 60];
      const two = (number: number) => String(number).padStart(2, '0');
      const written = [`${hours} h ${two(rest)}`, `${hours}h${two(rest)}`, `${two(hours)}:${two(rest)}`];
      const said = hourInWords(hours, rest);
      expect(readTime(said)).toBe(minute);
      expect(written.map(inSpeech), String(minute)).toEqual(written.map(() => said));
    }
  });

  it('has no digit in a date of the hub, at any minute', () => {
    for (const minute of minutes) {
      const at = parisTime(new Date(Date.UTC(2026, 5, 1) + minute * 60_000));
      for (const said of [formatDateTime('long', 'fr', at), formatEnd('long', 'fr', at)].map(inSpeech))
        expect(said).toMatch(/^\p{L}+ (?:premier|deux) juin à (?:minuit|\p{L}[\p{L} -]+)$|trente et un mai à minuit$/u);
    }
  });
});

describe('a text for a voice', () => {
  it.each([
    ['Jusqu’à 18h30', 'Jusqu’à dix-huit heures trente'],
    ['De 9h à 12h', 'De neuf heures à douze heures'],
    ['9h-12h', 'neuf heures à douze heures'],
    ['À 21 h 01', 'À vingt et une heures une'],
    ['À 0 h', 'À zéro heure'],
    ['24h/24 et 7j/7', 'vingt-quatre heures sur vingt-quatre et sept jours sur sept'],
    ['La D31 est fermée', 'La départementale trente et un est fermée'],
    ['RD 117, RN104 et l’A6', 'départementale cent dix-sept, nationale cent quatre et l’autoroute A six'],
    ['D257E', 'départementale deux cent cinquante-sept E'],
    ['St-Germain et Ste Geneviève', 'Saint-Germain et Sainte-Geneviève'],
    ['3 bd. Voltaire', 'trois boulevard Voltaire'],
    ['Le 1 juin, le 1er mai', 'Le premier juin, le premier mai'],
    ['Le 04/06/2016', 'Le quatre juin deux mille seize'],
    ['au 2e étage', 'au deuxième étage'],
    ['n° 12', 'numéro douze'],
    ['-5 °C et 3,5 %', 'moins cinq degrés et trois virgule cinq pour cent'],
    ['20\u202f000 personnes', 'vingt mille personnes'],
    ['1 km, 2 km, 50 m', 'un kilomètre, deux kilomètres, cinquante mètres'],
    ['45 m³/s', 'quarante-cinq mètres cubes par seconde'],
    ['et 1 autre commune, 21 places', 'et une autre commune, vingt et une places'],
    [
      'Appelez le 01 60 91 91 91.',
      'Appelez le, zéro un, soixante, quatre-vingt-onze, quatre-vingt-onze, quatre-vingt-onze.',
    ],
    ['« Restez » (chez vous) : 🌊 l’eau monte !', 'Restez, chez vous, l’eau monte!'],
    ['Gaz & électricité', 'Gaz et électricité'],
  ])('%s: %s', (written, said) => expect(inSpeech(written)).toBe(said));

  it.each([
    'Voir https://essonne.fr/a',
    'Voir www.essonne.fr',
    'Écrire à a@b.fr',
    'Київ',
    'تحذير',
    '٣ routes',
    '🌊',
    '',
  ])('is none for %s', (written) => expect(inSpeech(written)).toBeNull());
});
