import type { EntityManager } from '@mikro-orm/postgresql';
import type { PublicReads } from '../../../board/public-reads.ts';
import type { Clock } from '../../../clock.ts';
import { sqlIn, type TransactionSql } from '../../../database/sql-in.ts';
import type { Entry } from '../../../journal/entry.ts';
import { pageAfter } from '../../../journal/journal.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { gravityOf, mayBePushed, mayRing, pushExpiry } from './push-match.rules.ts';

/** Where pushes are made from. */
export interface PushSource extends Pick<PublicReads, 'board' | 'journal' | 'territory' | 'publicUrl'> {
  clock: Clock;
}

const PAGE = 100;
/** From so many readers of one service on their job is parted, so that several hubs work on it. */
const MOST_UNPARTED = 2_000;
/** Where the parts end, by the first bits of the ids; the last one has no end. */
const PARTS = ['3fffffff', '7fffffff', 'bfffffff'].map((start) => `${start}-ffff-ffff-ffff-ffffffffffff`);

/** Whether anybody subscribed: without one there is nothing to enqueue and nothing to send. */
export const hasSubscriptions = async (em: EntityManager): Promise<boolean> =>
  (await sqlIn(em)('select 1 from push_subscription limit 1')).length > 0;

/**
 * Makes the jobs of the next entries, and moves the position past them, in one transaction: a hub that dies leaves both or
 * neither. One hub does at a time: another one passes over it. Where many entries wait, those before anybody subscribed are
 * passed over unread. Answers whether there was an entry to work on.
 */
export async function enqueuePushes(em: EntityManager, source: PushSource): Promise<boolean> {
  const head = source.journal.tail.head.position;
  return em.transactional(async (opened) => {
    const sql = sqlIn(opened as EntityManager);
    const [at] = await sql<{ position: string }>(
      `select case when p.position < ? then greatest(p.position, (select min(s.since) from push_subscription s)) else p.position end
         as position
       from push_progress p where p.id = 1 and p.position < ? for update of p skip locked`,
      [head - PAGE, head],
    );
    if (!at) return false;
    const from = Number(at.position);
    const page = from < head ? await pageAfter(source.journal, from, PAGE) : [];
    // Entries that this process cannot read yet wait; nothing is passed over.
    if (from < head && page.length === 0) return false;
    for (const entry of page) await enqueue(sql, entry, source.clock.now());
    await sql('update push_progress set position = ? where id = 1', [page.at(-1)?.position ?? head]);
    return true;
  });
}

async function enqueue(sql: TransactionSql, entry: Entry<PublicDocument>, now: Date): Promise<void> {
  if (!mayRing(entry)) return;
  const expiry = pushExpiry(entry, now.getTime());
  if (expiry === null) return;
  const may = mayBePushed(entry.document, entry.position);
  const services = await sql<{ service: string; count: number }>(
    `select s.service, count(*)::int as count from push_subscription s where ${may.sql} group by s.service`,
    may.values,
  );
  const jobs = services.flatMap(({ service, count }) => partsOf(count).map((part) => ({ service, ...part })));
  if (jobs.length === 0) return;
  const at = now.toISOString();
  await sql(
    `insert into push_job (id, thread, position, service, after_id, until_id, again, gravity, attempts, created_at, due_at, expires_at)
     select gen_random_uuid(), ?, ?, w.service, w.after, w.until, '{}', ?, 0, ?, ?, ?
     from jsonb_to_recordset(?::jsonb) as w(service text, after uuid, until uuid)`,
    [
      ...[entry.subject, entry.position, gravityOf(entry.document) ?? 0],
      ...[at, at, new Date(expiry).toISOString(), JSON.stringify(jobs)],
    ],
  );
}

interface Part {
  after: string | null;
  until: string | null;
}

const partsOf = (count: number): Part[] =>
  count < MOST_UNPARTED
    ? [{ after: null, until: null }]
    : [null, ...PARTS].map((after, index) => ({ after, until: PARTS[index] ?? null }));
