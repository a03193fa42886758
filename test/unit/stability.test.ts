import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** docs/stability.md and the tests name the same promises: one that no test tries is none. */
const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const promises = [...read('docs/stability.md').matchAll(/^- \*\*(S-\d+)\. [\s\S]*?^ {2}Held by: (.*)$/gm)].map(
  ([, id = '', holders = '']) => ({ id, holders: [...holders.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file) }),
);

/** Every test file that names a promise, with the promises that it names. */
const named = globSync('test/**/*.test.ts', { cwd: root })
  .filter((file) => !file.endsWith('unit/stability.test.ts'))
  .map((file) => ({ file, ids: new Set([...read(file).matchAll(/\bS-\d+\b/g)].map(([id]) => id)) }));

describe('docs/stability.md', () => {
  it('has promises, each once and in order', () => {
    const ids = promises.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(7);
    expect(ids).toEqual(ids.map((_, index) => `S-${index + 1}`));
    expect(read('docs/stability.md').match(/\*\*S-\d+\./g)).toHaveLength(ids.length);
  });

  it('names under each promise exactly the tests that name it', () => {
    const holding = (id: string) => named.flatMap(({ file, ids }) => (ids.has(id) ? [file] : []));
    expect(promises.map(({ id, holders }) => [id, [...holders].sort()])).toEqual(
      promises.map(({ id }) => [id, holding(id).sort()]),
    );
  });

  it('has every promise that a test names', () => {
    const ids = new Set(named.flatMap(({ ids }) => [...ids]));
    expect(ids).toEqual(new Set(promises.map(({ id }) => id)));
  });

  it('is where README, the schema and the explorer say that it is', () => {
    for (const file of ['README.md', 'schema/schema.graphql', 'src/api/explorer.ts'])
      expect([file, read(file).includes('docs/stability.md')]).toEqual([file, true]);
    expect(existsSync(path.join(root, 'docs/stability.md'))).toBe(true);
  });
});
