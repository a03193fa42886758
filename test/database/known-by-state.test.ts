import { expect, it } from 'vitest';
import { migrations } from '../../migrations/list.ts';
import { migrate } from '../../src/database/owner/migrate.ts';
import { withSession } from '../support/database/cluster.ts';
import { testDatabase } from '../support/database/database.ts';

const { url } = await testDatabase();
const idOf = (number: number) => `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [TRUSTING, DOUBTING] = [idOf(1), idOf(2)];

/** Rows as a hub of before left them: by whom they were brought, whether a dossier relays them, whether they are trusted from then on. */
const ROWS: readonly [key: string, watcher: string | null, isCap: boolean, isRelayed: boolean, trusted: boolean][] = [
  ['by a watcher that trusts', TRUSTING, true, false, true],
  ['by a watcher that does not', DOUBTING, true, false, false],
  ['by a watcher that was removed', null, true, false, false],
  ['by a watcher that was removed, and relayed', null, true, true, true],
  ['of RSS, by a watcher that trusts', TRUSTING, false, false, false],
];

it('what was taken before states were known keeps its key as its name, and is trusted where it was', async () => {
  await withSession(url, async (session) => {
    await session.query('drop schema public cascade');
    await session.query('create schema public');
    const before = migrations.findIndex(({ name }) => name.endsWith('known-by-state'));
    await migrate({ url, migrations: migrations.slice(0, before) });
    // Rows alone, without what they lead to.
    await session.query("set session_replication_role = 'replica'");
    for (const [id, trusted] of [
      [TRUSTING, ['a']],
      [DOUBTING, ['b']],
    ])
      await session.query(
        `insert into watcher (id, version, name, url, keywords, communes, trusted_senders, every_minutes, active, created_by_id, created_at, due_at, etag, failures)
         values ($1, 1, 'x', 'https://x.example/', '{}', '{}', $2, 5, true, $1, now(), now(), '"1"', 0)`,
        [id, trusted],
      );
    for (const [index, [key, watcher, isCap, isRelayed]] of ROWS.entries()) {
      const report = idOf(10 + index);
      await session.query(
        `insert into feed_origin (key, report_id, watcher_id, feed_url, reference, taken_at, cap) values ($1, $2, $3, 'https://x.example/', 'r', now(), $4)`,
        [key, report, watcher, isCap ? { sender: 'a' } : null],
      );
      if (!isRelayed) continue;
      await session.query('insert into dossier_report (dossier_id, report_id) values ($1, $1)', [report]);
      await session.query(
        `insert into revision (id, dossier_id, number, content, content_hash, mode, created_at)
         values ($1, $1, 1, '{"source":{"relayed":true,"reference":"r"}}', '', 'ACTUAL', now())`,
        [report],
      );
    }
    await migrate({ url, migrations });
    const { rows } = await session.query(
      'select key, thing, words, stands_twice, wanted, trusted, replaces_id from feed_origin order by report_id',
    );
    const kept = { thing: null, words: null, stands_twice: false, wanted: true, replaces_id: null };
    expect(rows).toEqual(ROWS.map(([key, , , , trusted]) => ({ key, trusted, ...kept })));
    // Every feed comes whole once more.
    expect((await session.query('select count(*)::int as count from watcher where etag is not null')).rows).toEqual([
      { count: 0 },
    ]);
  });
});
