import { afterAll, beforeAll, expect, it } from 'vitest';
import { archivePage } from '../../../src/board/archive.queries.ts';
import { Board } from '../../../src/board/board.ts';
import { ACTUAL_ONLY, type BoardFilter, LIVE_STATES } from '../../../src/board/filter/filter.rules.ts';
import { select } from '../../../src/board/public-reads.ts';
import { readPublic } from '../../../src/board/snapshot/load.ts';
import { SetClock } from '../../../src/clock.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import { type Sql, sqlOver } from '../../../src/database/sql.ts';
import { entities } from '../../../src/entities.ts';
import { readAfter } from '../../../src/journal/journal.queries.ts';
import { type PublicDocument, publicStateAt } from '../../../src/publications/document.ts';
import { PUBLIC_STATES } from '../../../src/publications/vocabulary.ts';
import { testDatabase } from '../../support/database/database.ts';
import { announceThreads, COMMUNES, NOON, OLD_THREADS } from '../../support/generated/announced-threads.ts';

/** `updatedAfter` goes by the latest journal entry of a thread, in memory as in PostgreSQL. */
const { url } = await testDatabase();
const database = await openDatabase({ url, entities });
const sql = sqlOver(database.pool);
afterAll(() => database.close());

const latest = new Map<string, { at: number; document: PublicDocument }>();
const clock = new SetClock(new Date(NOON));
const followed = new Board(clock);
const loaded = new Board(clock);
beforeAll(async () => {
  await announceThreads(database.orm.em, { threads: 120, steps: 700 });
  for (const entry of await readAfter<PublicDocument>(sql, 0, 10_000)) {
    latest.set(entry.subject, { at: entry.atMs, document: entry.document });
    followed.apply(entry);
  }
  loaded.replace((await readPublic(sql)).entries);
}, 300_000);

const filter = (more: Partial<BoardFilter>): BoardFilter => ({ states: LIVE_STATES, modes: ACTUAL_ONLY, ...more });

/** The threads that the API would answer, said without a line of the hub's filters. */
const expected = ({ states, communes, updatedAfter = 0 }: BoardFilter): string[] =>
  [...latest.values()]
    .filter(({ at, document }) => states.has(publicStateAt(document, NOON)) && at > updatedAfter)
    .filter(({ document }) => !communes || document.communes.some((code) => communes.has(code)))
    .map(({ document }) => document.id)
    .sort();

async function archived(asked: BoardFilter, over: Sql = sql): Promise<string[]> {
  const page = await archivePage(over, asked, { first: 1_000, now: new Date(NOON) });
  expect(await page.totalCount()).toBe(page.documents.length);
  return page.documents.map(({ id }) => id).sort();
}

it('finds the same in memory, followed or loaded, and in PostgreSQL: to the millisecond, at every entry', async () => {
  const seen = new Set<number>();
  const moments = [...latest.values()].flatMap(({ at }) => [at - 1, at]);
  for (const [index, updatedAfter] of moments.entries()) {
    const communes = index % 3 === 0 ? new Set(COMMUNES.slice(index % 5, (index % 5) + 2)) : undefined;
    const asked = filter({ updatedAfter, ...(communes ? { communes } : {}) });
    const found = expected(asked);
    seen.add(found.length);
    for (const board of [followed, loaded])
      expect(
        select(board, asked)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(found);
    expect(await archived(asked)).toEqual(found);
    const whole = { ...asked, states: new Set(PUBLIC_STATES) };
    expect(await archived(whole)).toEqual(expected(whole));
  }
  expect(seen.size).toBeGreaterThan(10);
});

it('has seen ends that were told without a revision', () => {
  const ended = [...latest.values()].filter(({ document }) => document.cancelled || document.allClear);
  expect(ended.filter(({ at, document }) => Date.parse(document.revisedAt) < at).length).toBeGreaterThan(20);
});

it('is answered by an index, however much lies in the archive', async () => {
  const session = await database.pool.connect();
  const plans: string[] = [];
  const explained: Sql = async (text, parameters = []) => {
    const { rows } = await session.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...parameters]);
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    return sqlOver(session)(text, parameters);
  };
  try {
    await session.query('begin');
    for (const statement of ['alter table publication disable trigger user', 'set constraints all deferred'])
      await session.query(statement);
    await session.query(OLD_THREADS, [20_000]);
    await session.query('analyze publication');
    const late = [...latest.values()].map(({ at }) => at).sort((a, b) => b - a)[5];
    const asked = filter({ states: new Set(PUBLIC_STATES), updatedAfter: late ?? 0 });
    expect(await archived(asked, explained)).toEqual(expected(asked));
    const [page, count] = [plans[0], plans.at(-1)];
    for (const plan of [page, count]) expect(plan).toContain('publication_updated_index');
  } finally {
    await session.query('rollback');
    session.release();
  }
});
