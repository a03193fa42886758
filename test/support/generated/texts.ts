import fc from 'fast-check';

const WORDS: readonly string[] = [
  'L’Yvette',
  'déborde',
  'à',
  'Évry-Courcouronnes',
  'fermée.Me',
  'D50.Fr',
  'Saint-Germain-lès-Arpajon',
  '«',
  '»',
  'œuvre',
  'garçon…',
  '12\u202f000',
  '19\u00a0h',
  '5 €',
  '~{]}',
  ']]>',
  '&amp;',
  '=cmd|’ /C calc’!A0',
  '\u202bשלום\u202c',
  'Ελλάδα',
  'تحذير',
  'Київ',
  'https://essonne.fr/a/b?c=d',
  'www.essonne.fr',
  'anticonstitutionnellement'.repeat(3),
  'e\u0301te\u0301',
  '@prefet91',
  '#Inondation',
];

const BETWEEN = [' ', ' ', ' ', '\n', ', ', '. ', '.', ' : '];

/** Those in Latin letters. */
export const LATIN_WORDS = WORDS.filter((word) => !/[^\p{Script=Latin}\p{Script=Common}\p{M}]/u.test(word));

/** A text such as people write, with what formats and networks trip over: of up to so many words. */
export const anyText = ({
  emoji = ['🌊', '⚠️', '🇫🇷', '👨‍👩‍👧‍👦', '🧑🏽‍🚒'],
  most = 40,
  least = 0,
  between = BETWEEN,
  words = WORDS,
} = {}) =>
  fc
    .array(fc.tuple(fc.constantFrom(...words, ...emoji), fc.constantFrom(...between)), {
      minLength: least,
      maxLength: most,
    })
    .map((parts) => parts.flat().join('').normalize('NFC').trim());
