import fc from 'fast-check';
import papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { momentCell, numberCell, textCell } from '../../../../src/formats/sheet/cells.ts';
import {
  momentColumns,
  numberColumn,
  sheetHead,
  sheetLines,
  truthColumn,
  wordColumn,
} from '../../../../src/formats/sheet/sheet.ts';
import { budget } from '../../../support/budget.ts';
import { anyText } from '../../../support/generated/texts.ts';

/** What a French spreadsheet splits a file into. */
const read = (text: string) => papa.parse<string[]>(text, { delimiter: ';', skipEmptyLines: true });
const FORMULA = /^[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠﹢﹣﹦﹫]|^[\t\r\n]/u;

describe('a cell of text', () => {
  it.each([
    ['De l’eau sur la D257', 'De l’eau sur la D257'],
    ['=1+1', "'=1+1"],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ['+33 1 60 91 91 91', "'+33 1 60 91 91 91"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['  =1+1', "'  =1+1"],
    ['\u00A0=1+1', "'\u00A0=1+1"],
    ['\u200E\u202E=1+1', "'\u200E\u202E=1+1"],
    ['\uFEFF=1+1', "'\uFEFF=1+1"],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠A1', "'＠A1"],
    ['﹦1', "'﹦1"],
    ['\tx', "'\tx"],
    ['\rx', "' ⏎ x"],
    ['\n=1', "' ⏎ =1"],
    ['Un\r\nDeux\u2028Trois', 'Un ⏎ Deux ⏎ Trois'],
    ['Rue, =1+1', "Rue,' =1+1"],
    ['a;=1+1', 'a;=1+1'],
  ])('runs no formula, and stands on one line: %j', (text, cell) => {
    expect(textCell(text)).toBe(cell);
  });

  it.each(['0160919191', '01 60 91 91 91', '007', '12/11', '1-2', '10:30', '1.2', '1E5', '123456789012', '50 %'])(
    'is no number and no date: %s',
    (text) => {
      expect(textCell(text)).toBe(`'${text}`);
    },
  );
  it.each(['2 mai', '3 MARS 2026', 'mars 2026', '12-août', 'décembre 26', 'VRAI', 'faux', 'true'])(
    'is no date in words and no truth: %s',
    (text) => {
      expect(textCell(text)).toBe(`'${text}`);
    },
  );
  it.each(['91345', '0', 'D257', '2 rue de Mai', 'mairie 2', 'Marsan 3', '3 rue des Lilas', '', ' ', 'A 12', '– 3'])(
    'stays as it is where a spreadsheet shows the same: %j',
    (text) => {
      expect(textCell(text)).toBe(text);
    },
  );

  it('is cut, visibly and between signs, before a spreadsheet loses the rest', () => {
    const cell = textCell('😀'.repeat(20_000));
    expect(cell.length).toBeLessThanOrEqual(32_000);
    expect(cell.endsWith('😀 […]')).toBe(true);
    expect(cell.isWellFormed()).toBe(true);
    expect(textCell('a'.repeat(32_000))).toHaveLength(32_000);
  });

  it('takes no longer for what was made to be slow', () => {
    const begun = performance.now();
    for (const text of [
      ', '.repeat(10_000),
      ' '.repeat(20_000),
      ',\u200B'.repeat(9_000),
      '1 '.repeat(10_000),
      '1e'.repeat(9_000),
    ])
      textCell(`${text}x`);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('other cells', () => {
  it('write numbers with a comma, and no more decimals than a place needs', () => {
    expect([48.6936, -2.5, 0, 2.29123456789, 1e-9, null].map(numberCell)).toEqual([
      '48,6936',
      '-2,5',
      '0',
      '2,291235',
      '0',
      '',
    ]);
  });

  it('write moments in the time of Paris, whatever their offset', () => {
    expect(momentCell('2026-11-28T02:42:05Z')).toBe('28/11/2026 03:42:05');
    expect(momentCell('2016-06-02T14:10:00+02:00')).toBe('02/06/2016 14:10:00');
    expect(momentCell(null)).toBe('');
  });
});

interface Row {
  text: string;
  at: string | null;
}
const columns = [
  wordColumn<Row>('Texte', ({ text }) => text),
  ...momentColumns<Row>('Vu le', ({ at }) => at),
  numberColumn<Row>('Longueur', ({ text }) => text.length),
  truthColumn<Row>('Vide', ({ text }) => text === ''),
];
const sheet = (rows: readonly Row[]) =>
  sheetHead(columns.map(({ heading }) => heading)) +
  sheetLines(rows.map((row) => columns.map(({ cell }) => cell(row))));

describe('a sheet', () => {
  it('is UTF-8 with its mark, semicolons, CRLF and every cell quoted (RFC 4180)', () => {
    expect(sheet([{ text: 'Dit "ici" ; là', at: '2026-10-25T02:30:00+01:00' }])).toBe(
      '\uFEFF"Texte";"Vu le (heure de Paris)";"Vu le (RFC 3339)";"Longueur";"Vide"\r\n' +
        '"Dit ""ici"" ; là";"25/10/2026 02:30:00";"2026-10-25T02:30:00+01:00";"14";"non"\r\n',
    );
  });

  it('tells the hour that comes twice in October apart', () => {
    const [, first, second] = read(
      sheet([
        { text: 'a', at: '2026-10-25T02:30:00+02:00' },
        { text: 'b', at: '2026-10-25T02:30:00+01:00' },
      ]),
    ).data;
    expect(first?.[1]).toBe(second?.[1]);
    expect(first?.[2]).not.toBe(second?.[2]);
  });

  it('has headings and nothing else where there is nothing', () => {
    expect(sheet([]).split('\r\n')).toEqual([expect.stringContaining('"Texte"'), '']);
  });

  it('is split by another reader into the same cells, of which none begins as a formula, at commas either', () => {
    const text = fc
      .tuple(
        fc.constantFrom('', '=', '+', '-', '@', '\t', '\r', '\n', '＝', ' =', '\u202E@', ',=', ';=', '","=', '";"='),
        anyText({ most: 6 }),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
        const written = sheet(texts.map((one) => ({ text: one, at: null })));
        const { data, errors } = read(written);
        expect(errors).toEqual([]);
        expect(data.slice(1).map(([cell]) => cell)).toEqual(texts.map(textCell));
        for (const [cell = ''] of data) expect(cell).not.toMatch(FORMULA);
        // A spreadsheet with commas between its cells: behind the first of them no quote means anything.
        for (const cell of written.split('\r\n').flatMap((line) => line.split(',').slice(1)))
          expect(cell).not.toMatch(FORMULA);
      }),
      budget(300),
    );
  });
});
