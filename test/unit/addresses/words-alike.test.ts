import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownWords } from '../../../src/addresses/known-words.ts';
import { trigramsOf } from '../../../src/addresses/street-words.rules.ts';
import { WordsAlike } from '../../../src/addresses/words-alike.rules.ts';
import type { Sql } from '../../../src/database/sql.ts';
import { budget } from '../../support/budget.ts';

/** Words of few letters look alike often. */
const anyWord = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 12 });

describe('words that look like a typed one', () => {
  it.each([
    ['lyberation', ['liberation']],
    ['massi', ['massy']],
    ['briant', ['briand']],
    ['zzzz', []],
    ['massy', ['massy']],
  ])('are those of half its signs: %s', (typed, expected) => {
    const known = new WordsAlike(['massy', 'liberation', 'briand', 'longjumeau', 'essonne']);
    expect(known.to(trigramsOf(typed))).toEqual(expected);
  });

  it('are the same that comparing all of them finds, the most alike first and no more than three', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyWord, { maxLength: 40 }), anyWord, (words, typed) => {
        const own = trigramsOf(typed);
        const likeness = (word: string) => {
          const others = trigramsOf(word);
          return (2 * others.filter((one) => own.includes(one)).length) / (own.length + others.length);
        };
        const expected = words
          .filter((word) => likeness(word) >= 0.5)
          .sort((a, b) => likeness(b) - likeness(a) || (a < b ? -1 : 1))
          .slice(0, 3);
        expect(new WordsAlike(words).to(own)).toEqual(expected);
      }),
      budget(300),
    );
  });
});

it('the words of a file are read once, by all who need them at the same time, and again after the next load', async () => {
  let [loadedAt, reads] = [new Date(1), 0];
  const sql = (async () => {
    reads += 1;
    return [{ loadedAt, words: [`word${reads}`.replace(/\d/, (digit) => 'abc'.charAt(Number(digit)))] }];
  }) as unknown as Sql;
  const known = new KnownWords(sql);
  const [one, other] = await Promise.all([known.of(loadedAt), known.of(loadedAt)]);
  expect(one.to(trigramsOf('wordb'))).toEqual(['wordb']);
  expect([other, await known.of(loadedAt), reads]).toEqual([one, one, 1]);
  loadedAt = new Date(2);
  const next = await known.of(loadedAt);
  expect([next === one, next.to(trigramsOf('wordc')), reads]).toEqual([false, ['wordc'], 2]);
});

it('words that cannot be read are tried again by the next search', async () => {
  let reads = 0;
  const loadedAt = new Date(1);
  const sql = (async () => {
    reads += 1;
    if (reads === 1) throw new Error('the database is away');
    return [{ loadedAt, words: ['massy'] }];
  }) as unknown as Sql;
  const known = new KnownWords(sql);
  await expect(known.of(loadedAt)).rejects.toThrow('away');
  expect((await known.of(loadedAt)).to(trigramsOf('massi'))).toEqual(['massy']);
});
