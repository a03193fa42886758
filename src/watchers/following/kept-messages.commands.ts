import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import { AnnouncedMessage, type AnnouncedMessageRow } from './announced-message.entity.ts';

/** The result of following one lead. */
export type Followed = Omit<AnnouncedMessageRow, 'watcher'>;

/** The messages that a feed announces, as they are kept, by their keys. */
export type KeptMessages = ReadonlyMap<string, Followed>;

export async function keptMessages(em: EntityManager, watcher: string): Promise<KeptMessages> {
  const rows = await em.find(AnnouncedMessage, { watcher }, { refresh: true });
  return new Map(rows.map((row) => [row.key, row]));
}

/** Forgets the messages whose items stand in the feed no more. */
export async function forgetMessages(em: EntityManager, watcher: string, keys: readonly string[]): Promise<void> {
  await sqlIn(em)(
    `delete from announced_message
     where watcher_id = ? and key not in (select jsonb_array_elements_text(?::jsonb))`,
    [watcher, JSON.stringify(keys)],
  );
}

/** Keeps the results of a reading. Of a watcher that was removed nothing is kept. */
export async function keepMessages(em: EntityManager, watcher: string, followed: readonly Followed[]): Promise<void> {
  const sql = sqlIn(em);
  await sql(
    `insert into announced_message (watcher_id, key, url, words, said_at, cap, bytes, etag, last_modified, faults, failures, failing_since, due_at)
     select w.id, f.key, f.url, f.words, f."saidAt", f.cap, f.bytes, f.etag, f."lastModified",
       array(select jsonb_array_elements_text(f.faults)), f.failures, f."failingSince", f."dueAt"
     from watcher w, jsonb_to_recordset(?::jsonb) as f(key text, url text, words text, "saidAt" timestamptz, cap jsonb, bytes int, etag text,
       "lastModified" text, faults jsonb, failures int, "failingSince" timestamptz, "dueAt" timestamptz)
     where w.id = ?
     on conflict (watcher_id, key) do update set
       url = excluded.url, words = excluded.words, said_at = excluded.said_at, cap = excluded.cap, bytes = excluded.bytes, etag = excluded.etag,
       last_modified = excluded.last_modified, faults = excluded.faults, failures = excluded.failures,
       failing_since = excluded.failing_since, due_at = excluded.due_at`,
    [JSON.stringify(followed), watcher],
  );
}
