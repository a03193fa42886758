import type { EntityManager } from '@mikro-orm/postgresql';
import { v4 as uuid } from 'uuid';
import { sqlIn, type TransactionSql } from '../../../database/sql-in.ts';
import { IS_FREE, leasedFor, RELEASED } from '../../../outgoing/lease.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { arrayOf } from '../sql-array.rules.ts';
import { mayBePushed, type PushFilter } from './push-match.rules.ts';
import { LAST_ID, SHARD, type ShardEnd } from './shard.rules.ts';
import { noteTold, toldSince } from './told.commands.ts';

/** A job that this hub alone may work on until the lease ends: one shard of it. */
export interface LeasedJob {
  kind: 'shard';
  id: string;
  lease: string;
  thread: string;
  position: number;
  service: string;
  afterId: string | null;
  untilId: string | null;
  again: string[];
  attempts: number;
  /** How often the service failed in a row; 0 where it works. */
  failures: number;
  /** The positions of later entries of the thread that ring too, and have jobs of their own. */
  later: number[];
  expiresAt: Date;
}

/** Longer than a shard takes, so that it ends by itself only when its hub is gone. */
const SHARD_LEASE_S = 60;

interface LeasedRow extends Omit<LeasedJob, 'kind' | 'lease' | 'position' | 'later' | 'expiresAt'> {
  position: string;
  later: string[] | null;
  expiresAt: Date | string;
}

/**
 * Leases jobs that are due, the gravest first, at most so many, but for services that are left alone, and for entries behind
 * `head`, which this hub has not read yet. Public services and servers of single readers are leased apart (`isPublic`). Leases
 * go by the database's clock, since hubs disagree about the time.
 */
export async function leaseJobs(
  em: EntityManager,
  { now, head, most, isPublic }: { now: Date; head: number; most: number; isPublic: boolean },
): Promise<LeasedJob[]> {
  const lease = uuid();
  const at = now.toISOString();
  const rows = await sqlIn(em)<LeasedRow>(
    `update push_job j set ${leasedFor(SHARD_LEASE_S)}
     where j.id in (
       select c.id from push_job c
       where (c.service not like '~%') = ? and c.position <= ? and c.due_at <= ? and c.expires_at > ?
         and ${IS_FREE}
         and not exists (select from push_service p where p.service = c.service and p.open_until > ?)
       order by c.gravity desc, c.position, c.id limit ? for update of c skip locked)
     returning j.id, j.thread, j.position, j.service, j.after_id as "afterId", j.until_id as "untilId", j.again, j.attempts,
       j.expires_at as "expiresAt",
       coalesce((select p.failures from push_service p where p.service = j.service), 0) as failures,
       (select array_agg(distinct o.position) from push_job o
        where o.thread = j.thread and o.service = j.service and o.position > j.position) as later`,
    [lease, isPublic, head, at, at, at, most],
  );
  return rows.map(({ position, later, expiresAt, ...row }) => ({
    ...row,
    kind: 'shard',
    lease,
    position: Number(position),
    later: (later ?? []).map(Number),
    expiresAt: new Date(expiresAt),
  }));
}

/** A subscription of a shard. */
export interface ShardReader extends PushFilter {
  id: string;
  sealed: string;
  keyId: string;
  language: string;
  failed: number;
  /** How often it was pushed to within the last ten minutes. */
  told: number;
}

/**
 * The next subscriptions of a job that a document may be pushed to, in the order of their ids; once all were walked, those
 * that are tried once more. `isLast`: none is left to be walked.
 */
export async function readShard(
  em: EntityManager,
  job: LeasedJob,
  document: PublicDocument,
  now: Date,
): Promise<{ readers: ShardReader[]; isLast: boolean }> {
  const may = mayBePushed(document, job.position);
  const told = toldSince(now);
  const columns = `s.id, s.sealed, s.key_id as "keyId", s.kinds, s.communes, s.least, s.modes, s.language, s.failed,
    ${told.sql} as told`;
  const sql = sqlIn(em);
  if (job.afterId === LAST_ID) {
    const readers = await sql<ShardReader>(
      `select ${columns} from push_subscription s where s.id = any(?::uuid[]) and ${may.sql} order by s.id limit ?`,
      [told.value, arrayOf(job.again.slice(0, SHARD)), ...may.values, SHARD],
    );
    return { readers, isLast: true };
  }
  const readers = await sql<ShardReader>(
    `select ${columns} from push_subscription s
     where s.service = ? and (?::uuid is null or s.id > ?::uuid) and (?::uuid is null or s.id <= ?::uuid) and ${may.sql}
     order by s.id limit ?`,
    [told.value, job.service, job.afterId, job.afterId, job.untilId, job.untilId, ...may.values, SHARD],
  );
  return { readers, isLast: readers.length < SHARD };
}

/** Records how a shard ended: subscriptions that are gone, the job's next step, and whether its service is left alone. */
export async function recordShard(em: EntityManager, job: LeasedJob, end: ShardEnd, now: Date): Promise<void> {
  await em.transactional(async (opened) => {
    const sql = sqlIn(opened as EntityManager);
    await recordReaders(sql, end);
    await noteTold(sql, end.sent, now);
    await recordService(sql, job, end, now);
    if (end.isDone) {
      await sql('delete from push_job where id = ? and lease = ?', [job.id, job.lease]);
      return;
    }
    await sql(
      `update push_job set ${RELEASED}, after_id = ?, again = ?::text[], attempts = ?, due_at = ?
       where id = ? and lease = ?`,
      [
        ...[end.afterId, arrayOf(end.again), end.attempts, new Date(now.getTime() + end.waitMs).toISOString()],
        ...[job.id, job.lease],
      ],
    );
  });
}

/** A push service that refuses one subscription so often does so for good. */
const MOST_FAILED = 3;

async function recordReaders(sql: TransactionSql, { gone, bad, healed }: Pick<ShardEnd, 'gone' | 'bad' | 'healed'>) {
  if (gone.length > 0) await sql('delete from push_subscription where id = any(?::uuid[])', [arrayOf(gone)]);
  if (bad.length > 0) {
    await sql(`delete from push_subscription where id = any(?::uuid[]) and failed >= ${MOST_FAILED - 1}`, [
      arrayOf(bad),
    ]);
    await sql('update push_subscription set failed = failed + 1 where id = any(?::uuid[])', [arrayOf(bad)]);
  }
  if (healed.length > 0)
    await sql('update push_subscription set failed = 0 where id = any(?::uuid[])', [arrayOf(healed)]);
}

async function recordService(
  sql: TransactionSql,
  { service, failures }: LeasedJob,
  { rest, isAnswered }: Pick<ShardEnd, 'rest' | 'isAnswered'>,
  now: Date,
): Promise<void> {
  if (rest) {
    const until = new Date(now.getTime() + rest.ms).toISOString();
    await sql(
      `insert into push_service (service, failures, open_until) values (?, ?, ?)
       on conflict (service) do update set failures = greatest(push_service.failures, excluded.failures),
         open_until = greatest(push_service.open_until, excluded.open_until)`,
      [service, failures + rest.failures, until],
    );
  } else if (failures > 0 && isAnswered) {
    await sql('delete from push_service where service = ?', [service]);
  }
}

/** Returns the lease of a job as if it had never been taken. */
export async function returnJob(em: EntityManager, { id, lease }: LeasedJob): Promise<void> {
  await sqlIn(em)(`update push_job set ${RELEASED} where id = ? and lease = ?`, [id, lease]);
}
