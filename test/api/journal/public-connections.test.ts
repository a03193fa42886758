import pg from 'pg';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

it('the public that waits for PostgreSQL on all of its connections keeps none from the desk', async () => {
  // Within a transaction PostgreSQL shows the activity of its first look.
  const [blocker, watcher] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
  for (const client of [blocker, watcher]) {
    await client.connect();
    onTestFinished(() => client.end());
  }
  await blocker.query('begin');
  await blocker.query('lock table incident in access exclusive mode');
  const asked = Array.from({ length: 20 }, (_, at) => hub.as().request(`query Q${at} { incidents { totalCount } }`));
  const answers = Promise.allSettled(asked);
  const waiting = async () => {
    const { rows } = await watcher.query(
      "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows[0].count as number;
  };
  await expect.poll(waiting).toBe(3);
  const { accounts } = await hub
    .as('admin')
    .request<{ accounts: { totalCount: number } }>('{ accounts { totalCount } }');
  expect(accounts.totalCount).toBeGreaterThan(0);
  expect(await waiting()).toBe(3);
  await blocker.query('rollback');
  await answers;
  expect(await hub.as().request('{ incidents { totalCount } }')).toEqual({ incidents: { totalCount: 0 } });
});
