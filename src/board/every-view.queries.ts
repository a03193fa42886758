import type { Sql } from '../database/sql.ts';
import type { PublicView } from '../publications/document.ts';
import { archivedEntries, archivedViews } from './archive.queries.ts';
import { type BoardFilter, byNewest } from './filter/filter.rules.ts';
import { isLive, type PublicReads, select } from './public-reads.ts';

/** All that a filter finds at one moment, whatever is published while it is read. */
export interface EveryView {
  total: number;
  /** The views, the newest revision first, so many at a time. */
  pages(size: number): AsyncGenerator<readonly PublicView[]>;
}

/**
 * All that a filter finds, as pages of `publications` would answer it at this moment: what is live from the board, else by entries
 * of the journal. Of more than `most`, as many and one.
 */
export async function everyView(
  { board }: Pick<PublicReads, 'board'>,
  sql: Sql,
  filter: BoardFilter,
  most: number,
): Promise<EveryView> {
  const { now } = board;
  if (isLive(filter, now)) {
    const cards = select(board, filter).sort(byNewest);
    return paged(cards, async (some) => some.map(({ document }) => document));
  }
  const entries = await archivedEntries(sql, filter, { now: new Date(now), most: most + 1 });
  return paged(entries, (some) => archivedViews(sql, some));
}

const paged = <Item>(
  items: readonly Item[],
  viewsOf: (some: readonly Item[]) => Promise<readonly PublicView[]>,
): EveryView => ({
  total: items.length,
  async *pages(size) {
    for (let from = 0; from < items.length; from += size) yield await viewsOf(items.slice(from, from + size));
  },
});
