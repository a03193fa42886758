import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { WatchedItem } from '../reading/watched-item.ts';
import type { WatcherRow } from '../watcher.entity.ts';
import { type ItemNames, stateKey } from './names.rules.ts';

interface NamedItem {
  item: WatchedItem;
  names: ItemNames;
}

/** Whether an item was passed over; `identifies` where its name stood twice neither now nor before. */
type IsPassed = (one: NamedItem, identifies: boolean) => boolean;

/**
 * Tells the items that stood in this feed without a readable date when it was read first, and say today what they said then. Where
 * this reading is the first, they are remembered. The words count beside the name: a name that stands twice identifies nothing,
 * and an item that gets a date together with other words is news.
 */
export async function passedAtFirst(
  em: EntityManager,
  { id, url }: Pick<WatcherRow, 'id' | 'url'>,
  { items, now }: { items: readonly NamedItem[]; now: Date },
): Promise<IsPassed> {
  const sql = sqlIn(em);
  const undated = items.filter(({ item }) => item.at === null);
  // Of a watcher that was removed meanwhile nothing is remembered.
  await sql(
    `insert into first_reading (watcher_id, feed_url, undated, read_at)
     select id, ?, array(select jsonb_array_elements_text(?::jsonb)), ?::timestamptz from watcher where id = ?
     on conflict (watcher_id) do update
       set feed_url = excluded.feed_url, undated = excluded.undated, read_at = excluded.read_at
       where first_reading.feed_url <> excluded.feed_url`,
    [url, JSON.stringify(undated.flatMap(keysOf)), now.toISOString(), id],
  );
  const [first] = await sql<{ undated: string[] }>('select undated from first_reading where watcher_id = ?', [id]);
  const passed = new Set(first?.undated);
  // Names that were remembered before the words counted take the words of today.
  const renamed = items.filter(({ names }) => names.former !== names.thing && passed.has(names.former));
  if (renamed.length > 0) {
    for (const one of renamed) for (const key of keysOf(one)) passed.add(key);
    for (const { names } of renamed) passed.delete(names.former);
    await sql(
      `update first_reading set undated = array(select jsonb_array_elements_text(?::jsonb))
       where watcher_id = ? and feed_url = ?`,
      [JSON.stringify([...passed]), id, url],
    );
  }
  return ({ item, names }, identifies) =>
    passed.has(stateKey(names)) || (item.at === null && identifies && passed.has(names.thing));
}

/** A name that stands twice is not remembered: all that will ever stand under it would be passed over. */
const keysOf = ({ names }: NamedItem): string[] => [...(names.standsTwice ? [] : [names.thing]), stateKey(names)];
