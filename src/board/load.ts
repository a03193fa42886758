import type { Sql } from '../database/sql.ts';
import { entriesById } from '../journal/journal.queries.ts';
import type { PublicDocument } from '../publications/document.ts';
import type { Board } from './board.ts';

const PAGE = 500;

/** Fills a board with every thread that is live, or ended within the last day. Safe while a tail already applies. */
export async function loadBoard(board: Board, sql: Sql): Promise<void> {
  const threads = await sql<{ latest_entry_id: string }>(
    `select latest_entry_id from publication
     where announced in ('UPCOMING', 'IN_FORCE') or ends_at > now() - interval '1 day' or revised_at > now() - interval '1 day'`,
  );
  for (let start = 0; start < threads.length; start += PAGE) {
    const ids = threads.slice(start, start + PAGE).map((row) => row.latest_entry_id);
    for (const entry of await entriesById<PublicDocument>(sql, ids)) board.apply(entry);
  }
  board.sweep();
}
