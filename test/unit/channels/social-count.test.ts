import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import tlds from 'tlds' with { type: 'json' };
import twitter from 'twitter-text';
import { countGraphemes } from 'unicode-segmenter/grapheme';
import { describe, expect, it } from 'vitest';
import { mastodonLength, threadsLength, xLength } from '../../../src/channels/social/fitting/count.rules.ts';
import { smsParts, straighten } from '../../../src/channels/social/fitting/gsm.rules.ts';
import { linksIn } from '../../../src/channels/social/fitting/links.rules.ts';
import { measure } from '../../../src/channels/social/fitting/networks.ts';
import { budget } from '../../support/budget.ts';
import { anyText, LATIN_WORDS } from '../../support/generated/texts.ts';

/** twitter-text 3.1 knows the emoji of 2018. */
const OLD_EMOJI = ['🌊', '⚠️', '🇫🇷', '👨‍👩‍👧‍👦', '1️⃣'];

/** What a text may hold before, in and behind an address that a network may not take for one. */
const LINKLIKE = [
  [
    '',
    'Voir ',
    '(',
    '« ',
    "l'",
    'é',
    'x',
    '@',
    '#',
    '$',
    '_',
    '-',
    '.',
    '/',
    ':',
    '…',
    '→',
    '\u202a',
    '\u2066',
    'www.',
    'ж',
    '洪',
  ],
  ['http://', 'https://', 'HTTPS://', '', 'https:/', 'ftp://', 'http://www.', 'https://moi:x@'],
  [
    ...[
      'exemple.fr',
      'D50.Fr',
      'a_b.fr',
      'a_x.b.fr',
      'fermée_Voir.fr',
      '_a.fr',
      'a_.fr',
      '-a.fr',
      'a--b.fr',
      'é.fr',
      'Évry.fr',
    ],
    ...[
      'préfecture-essonne.gouv.fr',
      'localhost',
      '10.0.0.1',
      'a.music',
      'a.kids',
      'a.onion',
      'a.test',
      'a.xn--p1ai',
      'пример.рф',
    ],
    ...[
      '例え.jp',
      'a.公司',
      'a.comé',
      'a.comx',
      'a.fr_',
      'a.fr:8080',
      'a.fr:x',
      'a.fr@b.fr',
      'ａ.fr',
      'a。fr',
      'a\u00adb.fr',
      't.co',
    ],
    ...[
      `${'x'.repeat(63)}.fr`,
      `${'x'.repeat(64)}.fr`,
      `${`${'x'.repeat(60)}.`.repeat(5)}fr`,
      `${'é'.repeat(60)}.fr`,
      'a..fr',
    ],
  ],
  [
    ...[
      '',
      '/',
      '/x',
      `/${'y'.repeat(40)}`,
      `/${'y'.repeat(4_100)}`,
      '?a',
      '?q=(a)b',
      `?q=${'z'.repeat(40)}`,
      '/(a)',
      '/(a(b)c)d',
    ],
    ...[
      '/été',
      '/a,b;c',
      "/l'eau",
      '/«a»',
      '#a',
      '/a?b#c',
      '/[x]',
      '/{x}',
      '/~x',
      '/%20',
      '/a…b',
      '/a—b',
      '/日本',
      '/слово',
      '/a.',
    ],
    ...[
      '/@moi/a',
      '/a@b',
      '/$x',
      '\\x',
      '://wwwwwwwwwwwwwwwwwwwwwwwwwwwww.fr',
      '-'.repeat(30),
      '_'.repeat(30),
      'é'.repeat(30),
    ],
  ],
  [
    '',
    ' fin',
    '.',
    ')',
    ' »',
    'é',
    '…',
    'x',
    ',',
    '洪',
    '\u202c',
    '@b',
    ' https://a.fr',
    '’s',
    '\n',
    'http://b.fr',
    '://',
  ],
] as const;

/** Pieces of addresses that are glued to one another. */
const GLUED = [
  ...['a.fr', '://a.fr', 'b.com', 't.co', 'a_b.fr', 'préfecture.fr', 'essonne.gouv.fr', '.fr', '.co', 'xn--p1ai'],
  ...['https://', 'http://', '://', '//', 'www.', '/', '/a', '/été', '/(a)', '(a(b)c)', '?q=1', '?q=(a)b', ':8080'],
  ...[
    'é',
    '日',
    'x',
    '-',
    '_',
    '.',
    '。',
    '@',
    '#',
    '$',
    '!',
    '?',
    '&',
    '=',
    '…',
    '’',
    '«',
    '»',
    '\u2066',
    '(',
    ')',
    ' ',
  ],
];

const link = (text: string) => linksIn(text).map(({ start, end }) => text.slice(start, end));

describe('X', () => {
  // docs.x.com, "Counting characters", and the weights of twitter-text's configuration 3.
  it.each([
    ['a', 1],
    ['á', 1],
    ['ӑ', 1],
    ['Ồ', 2],
    ['👾', 2],
    ['🙋🏽', 2],
    ['👨‍🎤', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['café', 4],
    ['cafe\u0301', 4],
    ['…', 2],
    ['€', 2],
    ['\u202f', 2],
    ['→•', 4],
    ['https://tocsin.example.fr/publications/018f/r/2?etat=levee', 23],
    ['Route fermée.Me contacter', 7 + 23 + 9],
    ['D50.Fr', 23],
    ['Route fermée.Préfecture', 6 + 23 + 8],
    ['http://localhost:4000/publications/018f', 39],
  ])('counts %s as %i', (text, length) => {
    expect(xLength(text)).toBe(length);
  });

  it('counts what twitter-text counts, wherever emoji are those of its time', () => {
    fc.assert(
      fc.property(anyText({ emoji: OLD_EMOJI, between: [' ', '\n', ', ', ' : ', '. '] }), (text) => {
        expect(xLength(text)).toBe(twitter.parseTweet(text).weightedLength);
      }),
      budget(2_000),
    );
    fc.assert(
      fc.property(anyText({ emoji: OLD_EMOJI, words: LATIN_WORDS }), (text) => {
        expect(xLength(text)).toBeGreaterThanOrEqual(twitter.parseTweet(text).weightedLength);
      }),
      budget(2_000),
    );
  });

  const LONG = `/${'x'.repeat(60)}`;

  it.each([
    `https://route_fermee.fr${LONG}`,
    `https://www.rue_de.route_fermee.fr${LONG}`,
    `http://www.exemple.music${LONG}`,
    `https://exemple.kids${LONG}`,
    `https://exemple.アマゾン${LONG}`,
    `https://${'a'.repeat(64)}.fr${LONG}`,
    `https://${'é'.repeat(60)}.fr${LONG}`,
    `https://${`${'a'.repeat(60)}.`.repeat(5)}fr${LONG}`,
    `https://exemple.fr/${'x'.repeat(4_090)}`,
    `https://t.co/${'x'.repeat(41)}`,
    `https://t.co/abc/${'x'.repeat(41)}`,
    `\ufeffhttps://exemple.fr${LONG}`,
    `@https://exemple.fr${LONG}`,
    `https://exemple.fr@${'x'.repeat(60)}`,
    `https://${'a'.repeat(40)}.fr${'-'.repeat(40)}`,
    `https://nom:motdepasse@exemple.fr${LONG}`,
    `https://exemple.onion${LONG}`,
    'essonne.onion',
    'a.xn--p1ai',
    '\u202aexemple.fr',
    'http://\u2066exemple.fr/a',
    'fermee.fr_route.fr/a',
    'route_fermee.sur.fr',
    `exemple.fr?q=${'x'.repeat(40)}`,
    `https://exemple.local/http://exemple.fr${LONG}`,
    'exemple.fr://autre.fr',
    'www.https://exemple.fr',
    'https://exemple.frééé@x',
    '://a.fr/(a(b)c)?q=1préfecture.fr',
    'https://«.fr',
    '’--préfecture.fr',
    'http://b.comb.com.aa_b.fr»?q=1préfecture.fr?q=1',
    'a.fr/(a(b)c).a日a.fr',
    'préfecture.fr//?/été.at.co@',
  ])('counts a link that X would not take by its characters: %s', (text) => {
    expect(xLength(text)).toBeGreaterThanOrEqual(twitter.parseTweet(text.normalize('NFC')).weightedLength);
  });

  it('counts 23 for a link under every top-level domain that X is known to take, and its characters under any other', () => {
    for (const top of tlds) {
      const text = `https://exemple.${top}${LONG}`;
      expect([top, xLength(text)]).toEqual([top, twitter.parseTweet(text).weightedLength]);
    }
  });

  it('never counts less than twitter-text, whatever looks like a link', () => {
    fc.assert(
      fc.property(fc.tuple(...LINKLIKE.map((forms) => fc.constantFrom(...forms))), (parts) => {
        const text = parts.join('').normalize('NFC');
        expect(xLength(text)).toBeGreaterThanOrEqual(twitter.parseTweet(text).weightedLength);
      }),
      budget(3_000),
    );
  });

  it('never counts less than twitter-text, however addresses are glued together', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...GLUED), { minLength: 2, maxLength: 9 }), (parts) => {
        const text = parts.join('').normalize('NFC');
        expect(xLength(text)).toBeGreaterThanOrEqual(twitter.parseTweet(text).weightedLength);
      }),
      budget(3_000),
    );
  });

  it('never counts less than twitter-text, whatever stands in a text without emoji', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const plain = text.replace(/\p{Emoji}|\p{Cs}|\p{Cc}/gu, '').normalize('NFC');
        expect(xLength(plain)).toBeGreaterThanOrEqual(twitter.parseTweet(plain).weightedLength);
      }),
      budget(1_000),
    );
  });
});

it('takes for a link what ends in a top-level domain, without the punctuation behind it', () => {
  expect(link('Voir (https://a.fr/b_c?d=1), www.essonne.fr. Ou ecrire@a.fr, Évry.Courcouronnes, n.b.')).toEqual([
    'https://a.fr/b_c?d=1',
    'www.essonne.fr',
  ]);
});

it('Mastodon counts graphemes, and 23 for a link that says http', () => {
  expect(mastodonLength('👨‍👩‍👧‍👦 e\u0301 https://tocsin.example.fr/publications/018f/r/2')).toBe(4 + 23);
  expect(mastodonLength('essonne.fr')).toBe(10);
});

it('Bluesky counts graphemes, and bounds the bytes too', () => {
  expect(measure('BLUESKY', '👨‍👩‍👧‍👦'.repeat(100))).toMatchObject({ length: 100, limit: 300, fits: true });
  expect(measure('BLUESKY', '👨‍👩‍👧‍👦'.repeat(121)).fits).toBe(false);
});

it('Bluesky and Mastodon count the graphemes that a second implementation of Unicode finds', () => {
  fc.assert(
    fc.property(anyText({ emoji: OLD_EMOJI }), (text) => {
      expect(measure('BLUESKY', text).length).toBe(countGraphemes(text));
      const plain = text.replace(/https?:\S+/g, '');
      expect(mastodonLength(plain)).toBe(countGraphemes(plain));
    }),
    budget(1_000),
  );
});

it('Threads counts an emoji by its bytes', () => {
  expect(['🌊', '⚠️', '🇫🇷', 'é', '…'].map(threadsLength)).toEqual([4, 6, 8, 1, 1]);
});

describe('an SMS', () => {
  it.each([
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['ê'.repeat(70), 1],
    ['ê'.repeat(71), 2],
    ['a\u00a0b'.repeat(24), 2],
    ['Ça'.repeat(80), 1],
    ['ça'.repeat(36), 2],
    ['x'.repeat(161), 2],
    ['é'.repeat(307), 3],
  ])('is paid as the parts that its letters need (%#)', (text, segments) => {
    expect(smsParts(text).segments).toBe(segments);
    expect(new SegmentedMessage(text).segmentsCount).toBe(segments);
  });

  it('costs one part for 135 characters of French typography, which would cost three', () => {
    const text =
      'Évacuation à Évry : l’école « Cœur de ville » est fermée. Être prudent, ça déborde… Rejoignez le gymnase à 18 h. Évitez les berges, SVP';
    expect([...text]).toHaveLength(135);
    expect(smsParts(text).segments).toBe(3);
    expect(smsParts(straighten(text)).segments).toBe(1);
    expect(new SegmentedMessage(straighten(text)).segmentsCount).toBe(1);
  });

  it('is straightened for the reader, letter by letter', () => {
    expect(straighten('« L’Hurepoix » : cœur, ça, fête, È, n° 5, 5 °C… 🌊 → Saint‑Chéron')).toBe(
      '"L\'Hurepoix" : coeur, ca, fete, È, no 5, 5 C... -> Saint-Chéron'.replace('È', 'E'),
    );
    expect(straighten('تحذير: فيضان 🌊')).toBe('تحذير: فيضان');
  });

  it('costs what the second implementation says, whatever is in it', () => {
    fc.assert(
      fc.property(anyText({ emoji: [] }), (text) => {
        for (const one of [text, straighten(text)])
          expect(smsParts(one).segments).toBe(one === '' ? 0 : new SegmentedMessage(one).segmentsCount);
      }),
      budget(2_000),
    );
  });
});
