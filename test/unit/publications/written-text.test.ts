import { describe, expect, it } from 'vitest';
import { lintShared } from '../../../src/publications/content/lint.rules.ts';
import { readContent } from '../../../src/publications/content/read-content.ts';
import { damageIn } from '../../../src/publications/content/text/damage.rules.ts';
import { plainLine, plainText, webAddress } from '../../../src/publications/content/text/plain-text.ts';
import { isVisible, withClosedDirections } from '../../../src/publications/content/text/visible-text.ts';
import { alertInput } from '../../support/desk/desk.ts';
import { territory } from '../../support/hub/hub.ts';

const written = (text: string) => plainText(200).parse(text);
const faults = (text: string) =>
  plainText(200)
    .safeParse(text)
    .error?.issues.map(({ message }) => message) ?? [];

describe('a text of which nothing is visible is empty', () => {
  it.each([
    '',
    ' \t\n',
    '\u00a0\u202f\u3000',
    '\u200b',
    '\u3164',
    '\u2800\u2800',
    '\u00ad',
    '\ufe0f\ufe0e',
    '\u{e0100}',
    '\u200d\u200c',
    '\ufeff\u2060',
    '\u200e\u200f\u061c',
    '\u115f\u1160\uffa0',
    '\u034f\u0301',
    '\u2066\u2069\u202a\u202c',
    '\u{e0041}\u{e0042}',
    '\u{1d159}',
    '\ufffc',
  ])('%j', (text) => {
    expect(isVisible(text)).toBe(false);
    expect(faults(text)).toContain('must not be empty');
  });

  it.each(['a', '!', '0', '🌊', '水', 'ㅤ가', '⠃', '₂', '\u0628'])('%j is not', (text) => {
    expect(faults(text)).toEqual([]);
  });
});

describe('signs that no text needs are taken out', () => {
  it.each([
    ['Long\u00adjumeau', 'Longjumeau'],
    ['Longju\u200bmeau', 'Longjumeau'],
    ['\ufeffCrue de l’Yvette\ufeff', 'Crue de l’Yvette'],
    ['N\u206020', 'N20'],
    ['Éva\u200dcuez', 'Évacuez'],
    ['Auf\u200clage', 'Auflage'],
    ['Long\ufe0fjumeau', 'Longjumeau'],
    ['Mas\u{e0141}sy', 'Massy'],
    ['cr\u034fue', 'crue'],
    ['\u200eMassy\u200f', 'Massy'],
    ['Étampes\u3164\u3164', 'Étampes'],
    ['Route\u2800coupée', 'Route coupée'],
    ['a\r\nb\rc', 'a\nb\nc'],
    ['Première ligne\u000bSeconde ligne', 'Première ligne\nSeconde ligne'],
    ['Page 1\u000cPage 2', 'Page 1\nPage 2'],
  ])('%j is %j', (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it.each([
    ['Persian', 'می‌خواهم'],
    ['Persian, an abbreviation', 'قرن ۲ ه‍. ق.'],
    ['Hindi', 'क्‍ष क्‌ष'],
    ['Sinhala', 'ශ්‍රී ලංකාව'],
    ['Khmer', 'សូម\u200bជម្លៀស'],
    ['Thai', 'น้ำ\u200bท่วม'],
    ['Mongolian', 'ᠮᠣᠩᠭᠣᠯ\u180eᠠ'],
    ['a family', '👨‍👩‍👧‍👦'],
    ['a firefighter', '🧑🏽‍🚒'],
    ['a rainbow flag', '🏳️‍🌈'],
    ['the flag of Scotland', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['a keycap', '1️⃣'],
    ['a warning sign', '⚠️'],
    ['a variant of an ideograph', '葛\u{e0100}飾'],
    ['marks of direction in Arabic', 'الطريق \u200eN20\u200f مغلق'],
    ['an isolate that is closed', 'الطريق \u2066N20\u2069 مغلق'],
    ['Braille', '⠃⠗\u2800⠁'],
  ])('those that it needs stay: %s', (_what, text) => {
    expect(written(text)).toBe(text.normalize('NFC'));
  });
});

describe('directions', () => {
  it.each(['\u202d', '\u202e', 'Route \u202eeérref', 'a\u202db\u202c'])('%j is refused by its number', (text) => {
    expect(faults(text)).toContainEqual(expect.stringMatching(/U\+202[DE] is not allowed/));
  });

  it.each([
    ['\u202aa', '\u202aa\u202c'],
    ['\u202ba', '\u202ba\u202c'],
    ['\u2066a', '\u2066a\u2069'],
    ['\u2067a\u2068b', '\u2067a\u2068b\u2069\u2069'],
    ['\u2067a\u202bb', '\u2067a\u202bb\u202c\u2069'],
    ['\u2067a\u202bb\u2069c', '\u2067a\u202bb\u202c\u2069c'],
    ['a\u202cb\u2069c', 'abc'],
    ['\u202ba\u2069b', '\u202bab\u202c'],
    ['\u2067a\nb\u2069', '\u2067a\u2069\nb'],
    ['\u202bשלום\u202c \u2067x\u2069', '\u202bשלום\u202c \u2067x\u2069'],
  ])('%j is closed as %j', (text, expected) => {
    expect(withClosedDirections(text)).toBe(expected);
    expect(written(text)).toBe(expected);
  });
});

it.each(['a\nb', 'a\r\nb', 'a\rb', 'a\u000bb', 'a \n\n b', '\na\nb\n', 'a\u000cb', 'a\n\u00adb'])(
  'a headline or a name has no line feed: %j',
  (text) => {
    expect(plainLine(200).parse(text)).toBe('a b');
  },
);

describe('damage', () => {
  it.each([
    'inondÃ©e',
    'dÃ©jÃ\u00a0',
    'lâ€™Yvette',
    'Â«\u00a0crueÂ\u00a0Â»',
    '20Â°C',
    'cÅ“ur',
    'ï¿½vacuez',
    'ðŸŒŠ crue',
    'Ð’Ð½Ð¸Ð¼Ð°Ð½Ð¸Ðµ',
    'd√©viation',
    'd├®viation',
    'd&eacute;viation',
    'l&#39;eau',
    'l&#x2019;eau',
    '&nbsp;',
    'Route&amp;rue',
    '\uf0b7 fermez les volets',
    '\ufffdvacuez',
    'd=C3=A9viation',
    'd\\u00e9viation',
    'd&eacute viation',
    'l&#8217eau',
    'prÈfecture',
    'fermŽe',
    '?vacuez les sous-sols',
    'pr?fecture',
    'l?Yvette',
    'crue Ã  Massy',
    '=?UTF-8?Q?Crue?=',
    'd%C3%A9viation',
    'Restez chez vous\\nFermez les volets',
  ])('%j is found', (text) => {
    expect(damageIn(text)).toBeDefined();
  });

  it.each([
    'Évacué\u00a0: « l’île fermée\u00a0»…',
    '«\u00a0ÉVACUÉ\u00a0» À L’ÎLE, CAFÉ\u00a0!',
    'R&D ; Bricorama & Fils ; Marks&Spencer',
    'São Paulo, MANHÃ, não',
    'Åse går på gaten; ÅRETS',
    'Việt Nam: ngập lụt ở Longjumeau',
    'Внимание, наводнение',
    'انتبه، فيضان',
    '20 °C, 3 m³, ½, √2',
    '🌊 crue 👨‍👩‍👧',
    'Ça, là, où, œuvre, Noël, ambiguë',
    'Où aller ? Qui appeler? Le 112.',
    'Voir https://www.essonne.fr/?q=d%C3%A9viation et essonne.fr/a?b=c',
    'Bloqué ?Appelez',
    'McDonald, LeÉ',
  ])('%j is sound', (text) => {
    expect(damageIn(text)).toBeUndefined();
  });

  it('F03 is a finding beside the field in which it stands', () => {
    const texts = [{ language: 'fr-FR', headline: 'Crue dâ€™Yvette', description: 'La rivi\ufffdre monte.' }];
    const content = readContent('ALERT', alertInput({ texts, contact: 'Pr&eacute;fecture' }), territory);
    const found = lintShared(content).map(({ rule, level, path }) => `${rule} ${level} ${path}`);
    expect(found.filter((finding) => finding.startsWith('F03')).sort()).toEqual([
      'F03 WARNING contact',
      'F03 WARNING texts.0.description',
      'F03 WARNING texts.0.headline',
    ]);
  });
});

it.each([
  ['\0', 'U+0000'],
  ['\ud800', 'U+D800'],
  ['\u202e', 'U+202E'],
  ['\u0085', 'U+0085'],
  ['\u{1fffe}', 'U+1FFFE'],
])('an address holds no %j, which a format could not carry or would show as another address', (sign, name) => {
  const issues = (text: string) => webAddress.safeParse(text).error?.issues.map(({ message }) => message);
  expect(issues(`https://www.essonne.fr/crue${sign}`)).toContain(`must be plain text; ${name} is not allowed`);
  expect(issues('https://www.essonne.fr/crue-été?a=1#b')).toBeUndefined();
});
