import type { EntityManager } from '@mikro-orm/postgresql';
import { instant } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';

/** A state of a thing that was reported, or a message that was taken. */
export interface KnownState {
  key: string;
  /** The name of the thing; of rows written before states were known their key, which was the name then. */
  name: string;
  /** Whether it was written before states were known. */
  isFormer: boolean;
  report: string;
  /** The first report of the thing or the thread. */
  first: string | null;
  words: string | null;
  standsTwice: boolean;
  wanted: boolean;
  feedUrl: string;
  publishedAt: Date | null;
  takenAt: Date;
  /** Whether its watcher trusts the sender today; once the watcher is removed, whether it did then. False for items of RSS and Atom. */
  trusted: boolean;
  sender: string | null;
  references: string | null;
}

type Row = Omit<KnownState, 'publishedAt' | 'takenAt'> & { publishedAt: string | null; takenAt: string };

/** All states that were reported under some names, the earliest first. */
export async function knownStates(em: EntityManager, names: readonly string[]): Promise<KnownState[]> {
  if (names.length === 0) return [];
  const list = JSON.stringify([...new Set(names)]);
  const rows = await sqlIn(em)<Row>(
    `with names as (select jsonb_array_elements_text(?::jsonb) as name),
       found as (
         select o.* from feed_origin o join names n on o.thing = n.name
         union all select o.* from feed_origin o join names n on o.key = n.name where o.thing is null)
     select o.key, coalesce(o.thing, o.key) as name, o.thing is null as "isFormer", o.report_id as report, o.first_id as first, o.words,
       o.stands_twice as "standsTwice", o.wanted, o.feed_url as "feedUrl", o.published_at as "publishedAt", o.taken_at as "takenAt",
       coalesce(o.cap->>'sender' = any(w.trusted_senders), o.trusted) as trusted,
       o.cap->>'sender' as sender, o.cap->>'references' as references
     from found o left join watcher w on w.id = o.watcher_id
     order by o.taken_at, o.key`,
    [list],
  );
  return rows.map((row) => ({
    ...row,
    publishedAt: row.publishedAt === null ? null : new Date(instant(row.publishedAt)),
    takenAt: new Date(instant(row.takenAt)),
  }));
}
