import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

it('explains every switch that tests take from the environment, and no other', () => {
  const rows = read('docs/testing.md').match(/^\| `[A-Z_]+`.*$/gm) ?? [];
  const explained = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const text = globSync(['test/{api,database,faults,promises,support,unit}/**/*.ts', 'scripts/test.mjs'], { cwd: root })
    .map(read)
    .join('\n');
  const taken = text.matchAll(/process\.env\.([A-Z_]+)|\{([^{}]*)\} = process\.env/g);
  const names = [...taken].flatMap(([, name, several]) => name ?? several?.split(',').map((one) => one.trim()) ?? []);
  const theirs = ['PATH', 'DATABASE_URL'];
  expect(explained.sort()).toEqual([...new Set(names.filter((name) => !theirs.includes(name)))].sort());
});

it('gives each word of the glossary one meaning', () => {
  const words = [...read('docs/glossary.md').matchAll(/^\| (.+?) \| /gm)].flatMap(
    ([, word]) => word?.split(', ') ?? [],
  );
  expect(words.length).toBeGreaterThan(60);
  expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
});

it('the register of personal data names every table, and says how long it is kept', async () => {
  const rows = [...read('docs/registre.md').matchAll(/^\| [^|]+ \| (`[^|]+) \| ([^|]+) \| [^|]+ \|$/gm)];
  const tables = rows.flatMap(([, names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const { HUB_PRIVILEGES } = await import('../../src/database/owner/hub-role.ts');
  expect(tables.sort()).toEqual(Object.keys(HUB_PRIVILEGES).sort());
  for (const [, , duration = ''] of rows) expect(duration.trim().length).toBeGreaterThan(0);
});
