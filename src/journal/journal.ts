import type { Clock } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import type { Entry } from './entry.ts';
import type { Pages } from './pages.ts';
import type { Tail } from './tail.ts';

/** Entries read at one go. */
export const PAGE = 500;

/** The journal as the readers of one process see it: the newest entries in memory, the others in the table. */
export interface Journal<D> {
  tail: Tail<D>;
  pages: Pages<D>;
  sql: Sql;
  clock: Clock;
  retentionDays: number;
}

/**
 * Entries after a position, oldest first, at most a page; none only at the head. Never ahead of this process's tail: an
 * entry that the table has and the tail has not given out yet waits, so that board, followers and `asOf` of one process
 * agree on one position.
 */
export async function pageAfter<D>(
  { tail, pages }: Journal<D>,
  position: number,
  limit = PAGE,
): Promise<readonly Entry<D>[]> {
  const inMemory = tail.inMemory(position, limit);
  if (inMemory) return inMemory;
  const page = await pages.after(position, tail.head);
  return page.length > limit ? page.slice(0, limit) : page;
}
