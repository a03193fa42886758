import { expect, it } from 'vitest';
import { archivesDiffer } from '../../../src/incident-archive/format/differ-archives.ts';
import { archiveLines } from '../../support/crisis-cell/archive-file.ts';

async function* bytesOf(lines: readonly string[]) {
  for (const line of lines) yield Buffer.from(`${line}\n`);
}
const difference = (one: readonly string[], other: readonly string[]) => archivesDiffer(bytesOf(one), bytesOf(other));
const record = (text: string, type = 'log-line') => ({ type, text });

it('names the first line in which two archives differ, and its fields', async () => {
  const first = await archiveLines([record('a'), record('b'), record('c')]);
  expect(await difference(first, [...first])).toBeNull();
  expect(await difference(first, await archiveLines([record('a'), record('x'), record('c')]))).toBe(
    'they differ from line 3 on (log-line), first in text',
  );
  expect(await difference(first, await archiveLines([record('a'), record('b'), record('c', 'entry')]))).toBe(
    'they differ from line 4 on: it is of type log-line in one, and entry in the other',
  );
  expect(await difference(first, first.slice(0, 3))).toBe('one ends before line 4');
  expect(await difference(first, ['x', ...first.slice(1)])).toBe(
    'they differ at line 1, which is no line of an archive in one of them',
  );
});
