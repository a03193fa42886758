import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { migrations } from '../../migrations/list.ts';
import { openDatabase } from '../../src/database/connection.ts';
import { entities } from '../../src/entities.ts';
import { testDatabase } from '../support/database.ts';

const { url } = await testDatabase();
const database = await openDatabase({ url, entities });
afterAll(() => database.close());

test('the migrated schema is what the entities say', async () => {
  expect(await database.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
});

test('every migration stands in the list, in the order of its number', async () => {
  const files = await readdir(path.join(import.meta.dirname, '../../migrations'));
  const numbered = files.filter((name) => /^m\d{4}-.+\.ts$/.test(name)).map((name) => name.replace(/\.ts$/, ''));
  expect(migrations.map(({ name }) => name)).toEqual(numbered.sort());
});
