import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainWords, trigramsOf, wordsOfName } from '../../../src/addresses/street-words.rules.ts';
import { budget } from '../../support/budget.ts';
import { anyText } from '../../support/generated/texts.ts';

describe('the words by which a street is found', () => {
  it.each([
    ['Rue de l’Église', 'rue eglise'],
    ['R. DE L EGLISE', 'rue eglise'],
    ['bd de la Libération', 'boulevard liberation'],
    ['Bld. du Gal-de-Gaulle', 'boulevard general gaulle'],
    ['av. du Mal Leclerc', 'avenue marechal leclerc'],
    ['Place St-Germain', 'place saint germain'],
    ['Rue Ste Geneviève', 'rue sainte genevieve'],
    ['Rue du Dr Roux', 'rue docteur roux'],
    ['Savigny s/Orge', 'savigny sur orge'],
    ['Les Ulis', 'ulis'],
    ['Rue du 1er Mai', 'rue 1 mai'],
    ['Avenue de la 2ème DB', 'avenue 2 db'],
    ['RN 20', 'route nationale 20'],
    ['Cœur de Ville', 'coeur ville'],
    ['Rue de Rue', 'rue'],
    ['constructor __proto__', 'constructor proto'],
    ['de la', ''],
    ['', ''],
  ])('%s: %s', (name, words) => {
    expect(wordsOfName(name).join(' ')).toBe(words);
  });

  it('are letters and digits alone, whatever was written', () => {
    fc.assert(
      fc.property(anyText({ most: 12 }), (text) => {
        for (const word of plainWords(text)) expect(word).toMatch(/^[a-z0-9]+$/);
        for (const word of wordsOfName(text)) expect(word).toMatch(/^[a-z0-9]+$/);
      }),
      budget(300),
    );
  });
});

it('takes a word apart into three signs each, with its beginning and its end', () => {
  expect(trigramsOf('massy')).toEqual(['  m', ' ma', 'mas', 'ass', 'ssy', 'sy ']);
  expect(trigramsOf('aaaaaa')).toEqual(['  a', ' aa', 'aaa', 'aa ']);
});
