import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTyped } from '../../../src/addresses/typed-address.rules.ts';
import { budget } from '../../support/budget.ts';
import { anyText } from '../../support/generated/texts.ts';

/** What was read, in short: the words, and the number with the suffixes that mean the same. */
function read(text: string): [words: string, number: string | null] | undefined {
  const typed = readTyped(text);
  if (!typed) return undefined;
  const words = typed.words.map(({ whole }) => whole.slice(1, -1)).join(' ');
  return [words, typed.number && `${typed.number.value}${typed.number.suffixes.join('/')}`];
}

describe('what somebody types of an address', () => {
  it.each([
    ['12 rue Aristide Briand', 'rue aristide briand', '12'],
    ['12bis rue de Paris', 'rue paris', '12bis/b'],
    ['12 bis rue de Paris', 'rue paris', '12bis/b'],
    ['12 B rue de Paris', 'rue paris', '12b/bis'],
    ['12TER, rue de Paris', 'rue paris', '12ter/t'],
    ['12 c rue de Paris', 'rue paris', '12c'],
    ['12 r de Paris', 'rue paris', '12'],
    ['n°12 rue de Paris', 'rue paris', '12'],
    ['rue de Paris 12 longjumeau', 'rue paris longjumeau', '12'],
    ['longjumeau 91160 12 r paris', 'longjumeau 91160 rue paris', '12'],
    ['12 rue du 8 mai 1945', 'rue 8 mai 1945', '12'],
    ['8 mai 1945 athis', '8 mai 1945 athis', null],
    ['rue du 1er mai', 'rue 1 mai', null],
    ['place du 11 novembre 1918', 'place 11 novembre 1918', null],
    ['8 rue du 8 mai 1945', 'rue 8 mai 1945', '8'],
    ['avenue de la 2e DB', 'avenue 2 db', null],
    ['2 e rue', 'rue', '2e'],
    ['rue de Paris 91160 Longjumeau CEDEX 3', 'rue paris 91160 longjumeau', null],
    ['rue rue rue', 'rue', null],
  ])('%s', (text, words, number) => {
    expect(read(text)).toEqual([words, number]);
  });

  it.each([
    '',
    '  ',
    'ab',
    '12',
    '12 bis',
    '12 r',
    'de la',
    '---',
    "' & | ! :*",
    '\0\0\0',
    '\ud800\ud800\ud800',
    '日本語の住所',
  ])('is too little to look for: %j', (text) => {
    expect(readTyped(text)).toBeUndefined();
  });

  it('may go on behind its last word, which may be a short form or the beginning of a name', () => {
    const lastOf = (text: string) => readTyped(text)?.words.at(-1)?.begun;
    expect(lastOf('massy all')).toBe("('allee':* | 'all':*)");
    expect(lastOf('massy allende')).toBe("'allende':*");
    expect(lastOf('longjumeau r')).toBe("'rue':*");
  });

  it('says where its number may belong to the street', () => {
    expect(readTyped('rue des 4 vents')?.numberAsWord).toBe("'4'");
    expect(readTyped('4 rue des vents')?.numberAsWord).toBeNull();
    expect(readTyped('rue du 8 mai 1945, 8')?.numberAsWord).toBeNull();
  });

  it('holds words alone, of which nothing means anything to PostgreSQL, and no more than twenty', () => {
    fc.assert(
      fc.property(anyText({ most: 40 }), (text) => {
        const typed = readTyped(text);
        for (const { begun, whole } of typed?.words ?? []) {
          expect(whole).toMatch(/^'[a-z0-9]+'$/);
          expect(begun).toMatch(/^(?:'[a-z0-9]+':\*|\('[a-z0-9]+':\* \| '[a-z0-9]+':\*\))$/);
        }
        expect(typed?.words.length ?? 0).toBeLessThanOrEqual(20);
        expect(typed?.words.filter(({ trigrams }) => trigrams.length > 0).length ?? 0).toBeLessThanOrEqual(6);
      }),
      budget(300),
    );
    const many = readTyped(
      Array.from({ length: 60 }, (_, at) => `mot${String.fromCharCode(97 + (at % 26))}${at}`).join(' '),
    );
    expect(many?.words).toHaveLength(20);
  });
});
