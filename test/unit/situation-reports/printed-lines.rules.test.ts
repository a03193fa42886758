import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToLines, listWithin, printedLines } from '../../../src/situation-reports/page/printed-lines.rules.ts';

describe('the lines that a text takes', () => {
  it.each<[string, string, number, number]>([
    ['nothing', '', 10, 1],
    ['a word', 'mot', 10, 1],
    ['line feeds', 'a\nb\n\nc', 10, 4],
    ['words that have room', 'mot mot mot', 10, 1],
    ['words that have none', 'mot mot mot mot', 5, 2],
    ['spaces around', '  mot  mot  ', 5, 1],
    ['a word that is longer than a line', 'm'.repeat(20), 11, 2],
    ['the same behind another', `a ${'m'.repeat(20)}`, 11, 3],
    ['wide letters', 'WWWWWWWWWW', 11, 1],
    ['thin letters', 'i'.repeat(26), 11, 1],
    ['signs of other scripts', '一'.repeat(10), 13, 1],
    ['marks that take no room', 'e\u0301\u0302\u0303\u0304'.repeat(3), 2, 1],
    ['a mark that stays with its word', 'abcdefg !', 5, 2],
  ])('%s', (_what, text, em, lines) => {
    expect(printedLines(text, em)).toBe(lines);
  });

  it('are never fewer for more words', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 40 });
    fc.assert(
      fc.property(words, fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 60 }), (some, more, em) => {
        const text = some.join(' ');
        expect(printedLines(`${text} ${more}x`, em)).toBeGreaterThanOrEqual(printedLines(text, em));
      }),
    );
  });
});

describe('a text that is cut', () => {
  it('stays as it is where it has room, and says where it was cut', () => {
    expect(cutToLines('Crue de l’Yvette', 1, 30)).toBe('Crue de l’Yvette');
    expect(cutToLines('Crue de l’Yvette', 1, 5)).toMatch(/^Crue.*…$/);
    expect(cutToLines('🚒🚒🚒🚒', 1, 4)).toMatch(/^(🚒)+…$/u);
  });

  it('takes no more lines than it may', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.integer({ min: 1, max: 4 }), (text, lines) => {
        const cut = cutToLines(text.replaceAll('\n', ' '), lines, 20);
        expect(printedLines(cut, 20)).toBeLessThanOrEqual(lines);
      }),
    );
  });
});

describe('a list of names', () => {
  it('has as many as there is room for, and counts the others', () => {
    const names = ['Arpajon', 'Brunoy', 'Corbeil', 'Dourdan'];
    expect(listWithin('4 : ', names, 1, 60)).toBe('4 : Arpajon, Brunoy, Corbeil, Dourdan');
    expect(listWithin('4 : ', names, 1, 21)).toBe('4 : Arpajon, Brunoy et 2 autres');
    expect(listWithin('4 : ', names, 1, 17)).toBe('4 : Arpajon et 3 autres');
    expect(listWithin('4 : ', ['m'.repeat(60)], 1, 20)).toBe('4 : et 1 autre');
    expect(listWithin('', [], 1, 20)).toBe('');
  });
});
