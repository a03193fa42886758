import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../database/sql-in.ts';
import type { PublicDocument, PublicView } from '../publications/document.ts';
import { viewOfNow } from '../publications/view.ts';

/**
 * Publications as they are public now, by their threads, by one statement. From PostgreSQL rather than the board, which hears of a
 * change a moment later: what is pasted stays where it was pasted.
 */
export async function answersNow(em: EntityManager, threads: readonly string[]): Promise<Map<string, PublicView>> {
  const rows = await sqlIn(em)<{ id: string; document: PublicDocument; position: string | null }>(
    `select p.id, e.document, e.position from publication p join journal_entry e on e.id = p.latest_entry_id
     where p.id in (?)`,
    [threads],
  );
  return new Map(rows.map(({ id, document, position }) => [id, viewOfNow(document, Number(position ?? 0))]));
}
