import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { WatcherRow } from '../watcher.entity.ts';

/**
 * The keys of the items that had no readable date when this feed was read first. Where this reading is the first, they are
 * remembered: `undated` are those of now.
 */
export async function undatedAtFirst(
  em: EntityManager,
  { id, url }: Pick<WatcherRow, 'id' | 'url'>,
  { undated, now }: { undated: readonly string[]; now: Date },
): Promise<ReadonlySet<string>> {
  const sql = sqlIn(em);
  // Of a watcher that was removed meanwhile nothing is remembered.
  await sql(
    `insert into first_reading (watcher_id, feed_url, undated, read_at)
     select id, ?, array(select jsonb_array_elements_text(?::jsonb)), ?::timestamptz from watcher where id = ?
     on conflict (watcher_id) do update
       set feed_url = excluded.feed_url, undated = excluded.undated, read_at = excluded.read_at
       where first_reading.feed_url <> excluded.feed_url`,
    [url, JSON.stringify(undated), now.toISOString(), id],
  );
  const [first] = await sql<{ undated: string[] }>('select undated from first_reading where watcher_id = ?', [id]);
  return new Set(first?.undated);
}
