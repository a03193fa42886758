import fc from 'fast-check';
import papa from 'papaparse';
import { expect, it } from 'vitest';
import { csv } from '../../../src/formats/csv.ts';
import { budget } from '../../support/budget.ts';
import { anyText } from '../../support/generated/texts.ts';

const read = (text: string) => papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });

it('is read back as it was, line feeds, quotes and commas included', () => {
  const rows = [
    { date: '2026-11-24T12:50:00+01:00', message: 'Crue, « grave » "ici"\nÉloignez-vous.', link: 'https://a.fr/r/1' },
    { date: '', message: '', link: '' },
  ];
  const text = csv(['date', 'message', 'link'], rows);
  expect(text.split('\r\n')[0]).toBe('date,message,link');
  expect(read(text).data).toEqual(rows);
});

it('has a head and nothing else where there is nothing', () => {
  expect(csv(['date', 'message'], [])).toBe('date,message\r\n');
});

it('lets no cell begin as a formula, and loses nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('', '=', '+', '-', '@', '\t', '\r', '＝'), anyText({ most: 6 })), {
        minLength: 1,
      }),
      (cells) => {
        const rows = cells.map((cell) => ({ message: cell.join(''), link: 'x' }));
        const { data, errors } = read(csv(['message', 'link'], rows));
        expect(errors).toEqual([]);
        expect(data.map(({ message = '' }) => message.replace(/^'/, ''))).toEqual(rows.map(({ message }) => message));
        for (const { message } of data) expect(message).not.toMatch(/^[=+\-@\t\r]/);
      },
    ),
    budget(300),
  );
});
