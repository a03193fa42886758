import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { openSession } from '../../src/database/session.ts';
import { sqlOver } from '../../src/database/sql.ts';
import { testDatabase } from '../support/database/database.ts';

const { url } = await testDatabase();
const database = await openDatabase({ url, entities: [] });
const session = await openSession({ url, name: 'tocsin tests' });
afterAll(() => Promise.all([database.close(), session.end()]));

it('plain SQL reads the same over the pool and over a session: moments are Dates', async () => {
  const question = "select timestamptz '2016-06-02 12:00+02' as at, $1::text as word, 12::bigint as big";
  const answers = await Promise.all([database.pool, session].map((over) => sqlOver(over)(question, ['crue'])));
  const row = { at: new Date('2016-06-02T10:00:00Z'), word: 'crue', big: '12' };
  expect(answers).toEqual([[row], [row]]);
});
