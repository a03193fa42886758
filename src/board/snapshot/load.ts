import type { Sql } from '../../database/sql.ts';
import { readLatest } from '../../journal/journal.queries.ts';
import { BRIEF_FIELDS } from '../../publications/kind/brief.ts';
import type { BoardReading } from '../board.ts';

/** Every thread that is live, or ended within the last day, as of one moment: what a board is filled with. */
export const readPublic = (sql: Sql): Promise<BoardReading> =>
  readLatest(
    sql,
    `select latest_entry_id from publication
     where announced in ('UPCOMING', 'IN_FORCE') or ends_at > now() - interval '1 day' or revised_at > now() - interval '1 day'`,
    BRIEF_FIELDS,
  );
