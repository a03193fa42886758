import type { Sql } from '../../database/sql.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { happenedTo } from '../../publications/news.rules.ts';
import type { CardAddress } from './card-address.rules.ts';

/** Nothing bounds the number of entries under one revision, so the search for an address is bounded here. */
const MOST = 200;

/** A document of the past: the first that had this revision, followed by this event. */
export async function pastDocument(
  sql: Sql,
  { publication, revision, happened }: Pick<CardAddress, 'publication' | 'revision' | 'happened'>,
): Promise<PublicDocument | undefined> {
  const rows = await sql<{ document: PublicDocument }>(
    `select document from journal_entry
     where subject = $1 and position is not null and (document->>'revision')::int = $2 order by position limit $3`,
    [publication, revision, MOST],
  );
  return rows.map(({ document }) => document).find((document) => happenedTo(document) === happened);
}
