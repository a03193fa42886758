import type { Sql } from '../database/sql.ts';
import type { Head } from './entry.ts';
import { CHANNEL } from './listen.ts';

/**
 * Declares that the database was restored from a backup: positions are counted in a new epoch from now on, so that no
 * older cursor is mistaken for one of the journal as it is now. With `since`, only if that epoch still stands: of many
 * hubs that notice, one declares. Answers where the journal stands, and notifies every hub.
 */
export async function declareRestore(sql: Sql, since?: string): Promise<Head> {
  await sql(
    'update journal_head set epoch = gen_random_uuid() where id = 1 and ($1::uuid is null or epoch = $1::uuid)',
    [since ?? null],
  );
  const [head] = await sql<{ epoch: string; position: string }>(
    'select epoch, position from journal_head where id = 1',
  );
  if (!head) throw new Error('the journal has no head: migrations did not run');
  await sql(`notify ${CHANNEL}`);
  return { epoch: head.epoch, position: Number(head.position) };
}
