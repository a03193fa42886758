import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, inject } from 'vitest';
import { until } from '../../../src/development/embedded/processes.ts';
import { PATIENCE_MS } from '../patience.ts';
import { withDatabase, withSession } from './cluster.ts';

export interface TestDatabase {
  url: string;
  name: string;
}

/**
 * A migrated database of this test file's own. Call it at the top of the file: `const { url } = await testDatabase()`.
 * It is dropped after the file's tests; after a failure it is kept, its name printed. A file that leaves a session behind fails.
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
    else await dropDatabase(server, name);
  });
  return { url: withDatabase(server, name), name };
}

async function dropDatabase(server: string, name: string): Promise<void> {
  await withSession(server, async (session) => {
    const left = async () => {
      // PostgreSQL's own workers, autovacuum's say, come and go as they like.
      const { rows } = await session.query(
        `select application_name, query from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
        [name],
      );
      return rows;
    };
    await until(async () => (await left()).length === 0, PATIENCE_MS);
    const forgotten = await left();
    await session.query(`drop database ${name} with (force)`);
    if (forgotten.length > 0) throw new Error(`sessions were left behind: ${JSON.stringify(forgotten)}`);
  });
}
