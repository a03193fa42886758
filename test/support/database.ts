import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, inject } from 'vitest';
import { withDatabase, withSession } from './cluster.ts';

export interface TestDatabase {
  url: string;
  name: string;
}

/**
 * A migrated database of this test file's own. Call it at the top of the file: `const { url } = await testDatabase()`.
 * It is dropped after the file's tests, with every session still in it; after a failure it is kept, its name printed.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { url: server, template } = inject('cluster');
  const name = `tocsin_test_${randomBytes(5).toString('hex')}`;
  await withSession(server, (session) => session.query(`create database ${name} template ${template}`));
  let isEvidence = false;
  afterEach(({ task }) => {
    isEvidence ||= task.result?.state === 'fail';
  });
  afterAll(async () => {
    if (isEvidence) console.error(`The database ${name} is kept for a look`);
    else await withSession(server, (session) => session.query(`drop database ${name} with (force)`));
  });
  return { url: withDatabase(server, name), name };
}
