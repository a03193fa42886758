import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** docs/invariants.md, the code and the tests name the same ids: an invariant that nobody holds or tries is none. */
const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Every id that the files name. Rules of the linter beside I and C are known by `rule: '…'` or by a finding's level. */
function named(patterns: string[]): Set<string> {
  const files = globSync(patterns, { cwd: root }).filter((file) => !file.endsWith('unit/invariants.test.ts'));
  const ids = files.flatMap((file) => [
    ...read(file).matchAll(/\b(I-\d\d|C\d\d|D-\d{1,2})\b|rule: '(\w+-?\d\d)'|'([A-Z]\d\d) (?:ERROR|WARNING|ADVICE)\b/g),
  ]);
  return new Set(ids.map(([, id, rule, finding]) => id ?? rule ?? finding ?? ''));
}

const rows = [...read('docs/invariants.md').matchAll(/^\| ([A-Z]-?\d{1,2}) \| .+? \|(?: (PostgreSQL|code) \|)?$/gm)];
const page = rows.map(([, id]) => id ?? '');
const code = named(['src/**/*.ts', 'migrations/*.ts']);
const tests = named(['test/**/*.test.ts']);
const docs = named(['docs/**/*.md', 'schema/*.graphql', 'README.md']);

describe('docs/invariants.md', () => {
  it('lists each id once, the invariants and the promises without a gap', () => {
    expect(new Set(page).size).toBe(page.length);
    const numbers = (letter: string) =>
      page.filter((id) => id.startsWith(`${letter}-`)).map((id) => Number(id.slice(2)));
    for (const letter of ['I', 'D']) expect(numbers(letter)).toEqual(numbers(letter).map((_, index) => index + 1));
    expect(rows.filter(([, id, holder]) => id?.startsWith('I-') && !holder)).toEqual([]);
  });

  it('lists every id that code, tests, schema and guides name', () => {
    expect([...code, ...tests, ...docs].filter((id) => !page.includes(id))).toEqual([]);
  });

  it('lists no id that no test names', () => {
    expect(page.filter((id) => !tests.has(id))).toEqual([]);
  });

  it('lists no id that the code does not name, nor one held by PostgreSQL that no migration names', () => {
    const migrations = named(['migrations/*.ts']);
    expect(page.filter((id) => !code.has(id))).toEqual([]);
    expect(rows.flatMap(([, id = '', holder]) => (holder === 'PostgreSQL' && !migrations.has(id) ? [id] : []))).toEqual(
      [],
    );
  });

  it('lists the promises that docs/delivery.md makes, and D-1 to D-11 among them (S-5)', () => {
    const promises = [...read('docs/delivery.md').matchAll(/^- \*\*(D-\d+)\.\*\*/gm)].map(([, id]) => id);
    expect(promises).toEqual(page.filter((id) => id.startsWith('D-')));
    expect(promises.length).toBeGreaterThanOrEqual(11);
  });
});
