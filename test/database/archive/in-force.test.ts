import { afterAll, beforeAll, expect, it } from 'vitest';
import { archivePage } from '../../../src/board/archive.queries.ts';
import { ACTUAL_ONLY, type BoardFilter } from '../../../src/board/filter/filter.rules.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import { type Sql, sqlOver } from '../../../src/database/sql.ts';
import { entities } from '../../../src/entities.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { readAfter } from '../../../src/journal/journal.queries.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { PUBLIC_STATES } from '../../../src/publications/vocabulary.ts';
import { testDatabase } from '../../support/database/database.ts';
import { announceThreads, COMMUNES, NOON, OLD_THREADS } from '../../support/generated/announced-threads.ts';

/** `activeAt` of the past goes by what each thread said at that moment, found by the time during which it held. */
const { url } = await testDatabase();
const database = await openDatabase({ url, entities });
const sql = sqlOver(database.pool);
afterAll(() => database.close());

let entries: Entry<PublicDocument>[];
beforeAll(async () => {
  await announceThreads(database.orm.em, { threads: 120, steps: 700 });
  entries = [...(await readAfter<PublicDocument>(sql, 0, 10_000))];
}, 300_000);

const asked = (activeAt: number, more: Partial<BoardFilter> = {}): BoardFilter => ({
  states: new Set(PUBLIC_STATES),
  modes: ACTUAL_ONLY,
  activeAt,
  ...more,
});

/** The threads that were in force at a moment, each with its revision of then, said without a line of the hub's reads. */
function expected(moment: number, communes?: ReadonlySet<string>): string[] {
  const known = new Map<string, PublicDocument>();
  for (const { subject, atMs, document } of entries) if (atMs <= moment) known.set(subject, document);
  return [...known.values()]
    .filter(({ cancelled, allClear }) => !cancelled && !allClear)
    .filter(({ startsAt, publishedAt }) => Date.parse(startsAt ?? publishedAt) <= moment)
    .filter(({ endsAt }) => !endsAt || Date.parse(endsAt) > moment)
    .filter((document) => !communes || document.communes.some((code) => communes.has(code)))
    .map(({ id, revision }) => `${id} ${revision}`)
    .sort();
}

async function found(filter: BoardFilter, over: Sql = sql): Promise<string[]> {
  const page = await archivePage(over, filter, { first: 1_000, now: new Date(NOON) });
  expect(await page.totalCount()).toBe(page.documents.length);
  return page.documents.map(({ id, revision }) => `${id} ${revision}`).sort();
}

it('finds at every entry, start and end, and a millisecond around each, what was in force by what was known', async () => {
  const bounds = entries.flatMap(({ atMs, document }) => [
    atMs,
    ...[document.startsAt, document.endsAt].flatMap((text) => (text ? [Date.parse(text)] : [])),
  ]);
  const moments = [...new Set(bounds)].sort((one, other) => one - other).filter((_, index) => index % 5 === 0);
  const sizes = new Set<number>();
  for (const [index, bound] of moments.entries())
    for (const moment of [bound - 1, bound, bound + 1]) {
      const communes = index % 3 === 0 ? new Set(COMMUNES.slice(index % 5, (index % 5) + 2)) : undefined;
      const right = expected(moment, communes);
      sizes.add(right.length);
      expect(await found(asked(moment, communes ? { communes } : {})), new Date(moment).toISOString()).toEqual(right);
    }
  expect(sizes.size).toBeGreaterThan(10);
});

it('finds it by an index, however much lies in the archive', async () => {
  const session = await database.pool.connect();
  try {
    await session.query('begin');
    for (const table of ['publication', 'journal_entry', 'in_force'])
      await session.query(`alter table ${table} disable trigger user`);
    await session.query('set constraints all deferred');
    await session.query(OLD_THREADS, [20_000]);
    await session.query(
      `insert into in_force select gen_random_uuid(), id, tstzrange(starts_at, ends_at)
       from publication, generate_series(1, 4) where updated_at < '2026-01-01'`,
    );
    await session.query(
      `insert into journal_entry (id, position, subject, type, at, changed_fields, ring, document)
       select entry_id, 1000000 + row_number() over (), thread, 'PUBLISHED', lower(during), '{}', false, '{}'
       from in_force where lower(during) < '2026-01-01'`,
    );
    for (const table of ['publication', 'journal_entry']) await session.query(`analyze ${table}`);
    await session.query('analyze in_force');
    const plans: string[] = [];
    const explained: Sql = async (text, parameters = []) => {
      const { rows } = await session.query<{ 'QUERY PLAN': string }>(`explain (analyze) ${text}`, [...parameters]);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return sqlOver(session)(text, parameters);
    };
    const moment = entries[Math.floor(entries.length / 2)]?.atMs ?? 0;
    expect(await found(asked(moment), explained)).toEqual(expected(moment));
    for (const plan of [plans[0], plans.at(-1)]) {
      expect(plan).toContain('in_force_during_index');
      expect(plan).not.toMatch(/Seq Scan on in_force/);
    }
  } finally {
    await session.query('rollback');
    session.release();
  }
});

it.each([
  ['a row more', `insert into in_force select gen_random_uuid(), thread, during from in_force limit 1`],
  ['another time', `update in_force set during = 'empty'`],
  ['a row less', `delete from in_force`],
  ['none at all', `truncate in_force`],
])('is said by the journal alone: %s is refused', async (_, statement) => {
  await expect(sql(statement)).rejects.toMatchObject({ code: 'TOC02' });
});
