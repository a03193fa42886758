import { randomUUID as uuid } from 'node:crypto';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { withSession } from '../support/database/cluster.ts';
import { testDatabase } from '../support/database/database.ts';
import { publishNew } from '../support/desk/desk.ts';
import { startHub } from '../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
const [first, second] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
await Promise.all([first.connect(), second.connect()]);
afterAll(async () => {
  await Promise.all([first.end(), second.end()]);
  await hub.close();
});

const threadOf = async (session: pg.Client, id: string) =>
  (await session.query('select * from public_thread($1)', [id])).rows[0];

it('a public thread is read as the command left it whose end the lock waited for', async () => {
  const { id } = await publishNew(hub);
  await first.query('begin');
  const before = await threadOf(first, id);
  expect(before).toMatchObject({ closed: false, announced: 'IN_FORCE', document: { id }, content: { mode: 'ACTUAL' } });

  const waiting = threadOf(second, id);
  await withSession(url, async (session) => {
    const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await session.query(waits)).rows).toHaveLength(1);
  });
  const entry = uuid();
  await first.query(
    `insert into journal_entry (id, subject, type, at, changed_fields, ring, document)
     values ($1, $2, 'VERIFIED', now(), '{}', false, $3)`,
    [entry, id, { ...before.document, verifiedAt: 'later' }],
  );
  await first.query(
    'update publication set latest_entry_id = $1, updated_at = e.at from journal_entry e where e.id = $1 and publication.id = $2',
    [entry, id],
  );
  await first.query('commit');
  expect((await waiting).document).toEqual({ ...before.document, verifiedAt: 'later' });
});

it('a thread of which nothing is public is no row to read', async () => {
  expect(await threadOf(first, uuid())).toEqual({ closed: null, announced: null, document: null, content: null });
});
