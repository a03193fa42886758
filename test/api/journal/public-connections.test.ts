import pg from 'pg';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

it('the public that waits for PostgreSQL on all of its connections keeps none from the desk', async () => {
  const { viewer } = await hub.as('scheduler').request<{ viewer: { id: string } }>('{ viewer { id } }');
  const dismissed = viewer.id;
  // Within a transaction PostgreSQL shows the activity of its first look.
  const [blocker, watcher] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
  for (const client of [blocker, watcher]) {
    await client.connect();
    onTestFinished(() => client.end());
  }
  await blocker.query('begin');
  await blocker.query('lock table journal_entry in access exclusive mode');
  const asked = Array.from({ length: 20 }, (_, at) =>
    hub
      .as()
      .request(
        `query Q${at} { publication(id: "019a0000-0000-7000-8000-00000000000a", at: "2026-01-01T00:00:00Z") { id } }`,
      ),
  );
  const answers = Promise.allSettled(asked);
  const waiting = async () => {
    const { rows } = await watcher.query(
      "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and application_name = 'tocsin'",
    );
    return rows[0].count as number;
  };
  await expect.poll(waiting).toBe(3);
  // A mutation with its audit entry, which writes and reads what the public does not wait for.
  const { disableAccount } = await hub
    .as('admin')
    .request<{ disableAccount: { account: { id: string } } }>(
      'mutation ($id: ID!) { disableAccount(id: $id, version: 1) { account { id } } }',
      { id: dismissed },
    );
  expect(disableAccount.account.id).toBe(dismissed);
  expect(await waiting()).toBe(3);
  await blocker.query('rollback');
  await answers;
  expect(
    await hub
      .as()
      .request('{ publication(id: "019a0000-0000-7000-8000-00000000000a", at: "2026-01-01T00:00:00Z") { id } }'),
  ).toEqual({
    publication: null,
  });
});
