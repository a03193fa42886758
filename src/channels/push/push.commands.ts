import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v4 as uuid } from 'uuid';
import { sqlIn, type TransactionSql } from '../../database/sql-in.ts';
import { HubError } from '../../errors.ts';
import { notFound } from '../../office/lock.queries.ts';
import { isUuid } from '../../uuid.ts';
import type { CheckedEndpoint } from './endpoint.ts';
import type { PushAddress, PushSeal } from './envelope/push-seal.ts';
import { STORM_MS } from './jobs/storm.rules.ts';
import type { PushWish } from './push-wish.rules.ts';
import { arrayOf } from './sql-array.rules.ts';

const [MINUTE_MS, DAY_MS] = [60_000, 24 * 3600_000];
/** A code that nobody sent back by then was never read. */
const UNCONFIRMED_MS = 10 * MINUTE_MS;
/** 13 months: an app that nobody opened for a year and a month is told nothing more. */
export const KEPT_MS = 395 * DAY_MS;
/** Each of them is an address that strangers had the hub send something to. */
const MOST_UNCONFIRMED = 1_000;
/** How often the code is sent at most. */
export const MOST_GREETINGS = 3;
const SECRET_BYTES = 18;

export interface SavedPush {
  id: string;
  /** By which its app removes it: shown here, and kept as a hash. */
  secret: string;
}

export interface PushMoment {
  seal: PushSeal;
  now: Date;
}

/**
 * Saves a subscription, or replaces what one of the same endpoint asks for and renews it. One that is confirmed stays so, and is
 * replaced by its own app alone, which has its keys: CONFLICT for others. TOO_MANY_REQUESTS while too many wait to be confirmed.
 */
export async function savePush(
  em: EntityManager,
  { address }: CheckedEndpoint,
  wish: PushWish,
  moment: PushMoment,
): Promise<SavedPush> {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const id = await em.transactional(async (opened) => {
    const sql = sqlIn(opened as EntityManager);
    return (
      (await insert(sql, address, { ...wish, secret }, moment)) ?? replace(sql, address, { ...wish, secret }, moment)
    );
  });
  return { id, secret };
}

type SecretWish = PushWish & { secret: string };

/** Saves a new one; undefined where the endpoint is there already. */
async function insert(
  sql: TransactionSql,
  address: PushAddress,
  wish: SecretWish,
  { seal, now }: PushMoment,
): Promise<string | undefined> {
  const [waiting] = await sql<{ count: number }>(
    'select count(*)::int as count from push_subscription where confirmed_at is null',
  );
  if (waiting && waiting.count >= MOST_UNCONFIRMED)
    throw new HubError('TOO_MANY_REQUESTS', 'too many subscriptions wait to be confirmed: try again in a minute', {
      retryAfterSeconds: 60,
    });
  const id = uuid();
  const at = now.toISOString();
  const [row] = await sql<{ id: string }>(
    `insert into push_subscription (id, digest, sealed, service, key_id, kinds, communes, least, modes, language, secret_hash,
       created_at, renewed_at, greeted, greeting_due_at, failed)
     values (?, ?, ?, ?, ?, ?::text[], ?::text[], ?, ?::text[], ?, ?, ?, ?, 0, ?, 0)
     on conflict (digest) do nothing returning id`,
    [
      ...[id, seal.digestOf(address.endpoint), seal.seal(id, address), seal.serviceOf(address.endpoint)],
      ...[...valuesOf(wish), at, at, at],
    ],
  );
  return row?.id;
}

interface Known {
  id: string;
  sealed: string;
  keyId: string;
  isConfirmed: boolean;
}

async function replace(
  sql: TransactionSql,
  address: PushAddress,
  wish: SecretWish,
  { seal, now }: PushMoment,
): Promise<string> {
  const [known] = await sql<Known>(
    `select id, sealed, key_id as "keyId", confirmed_at is not null as "isConfirmed" from push_subscription where digest = ? for update`,
    [seal.digestOf(address.endpoint)],
  );
  // It was removed in between.
  if (!known) throw new HubError('CONFLICT', 'this endpoint was removed at this very moment: save it again');
  const { id, isConfirmed } = known;
  // An endpoint belongs to the hub's key that it was made with: its service would refuse every push by another one.
  const isSame = known.keyId === wish.keyId && isSameReader(seal.open(id, known.sealed), address);
  if (isConfirmed && !isSame)
    throw new HubError('CONFLICT', 'this endpoint is saved with other keys: subscribe anew, and save what you get');
  const at = now.toISOString();
  await sql(
    `update push_subscription set sealed = ?, key_id = ?, kinds = ?::text[], communes = ?::text[], least = ?, modes = ?::text[],
       language = ?, secret_hash = ?, renewed_at = ?, failed = 0,
       greeting_due_at = case when confirmed_at is null and greeted < ${MOST_GREETINGS} then ?::timestamptz end
     where id = ?`,
    [seal.seal(id, address), ...valuesOf(wish), at, at, id],
  );
  return id;
}

/** In the order in which both statements name them. */
const valuesOf = ({ keyId, kinds, communes, least, modes, language, secret }: SecretWish): unknown[] => [
  ...[keyId, arrayOf(kinds), arrayOf(communes), least, arrayOf(modes), language, hashOf(secret)],
];

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const isSameReader = (one: PushAddress, other: PushAddress): boolean =>
  timingSafeEqual(one.p256dh, other.p256dh) && timingSafeEqual(one.auth, other.auth);

/**
 * Confirms a subscription by the code that came with the first push. From then on it is told what happens. NOT_FOUND for
 * another code, and for a subscription that is not there any more.
 */
export async function confirmPush(
  em: EntityManager,
  { id, code }: { id: string; code: string },
  { seal, now }: PushMoment,
): Promise<void> {
  const found = isUuid(id) && seal.isCodeOf(id.toLowerCase(), code);
  const rows = found
    ? await sqlIn(em)(
        `update push_subscription set confirmed_at = coalesce(confirmed_at, ?), greeting_due_at = null,
           since = coalesce(since, (select position from journal_head where id = 1))
         where id = ? returning id`,
        [now.toISOString(), id],
      )
    : [];
  if (rows.length === 0) throw notFound('push subscription', id);
}

/** Removes a subscription for good. NOT_FOUND for another secret, and for one that is not there any more. */
export async function removePush(em: EntityManager, { id, secret }: { id: string; secret: string }): Promise<void> {
  const rows = isUuid(id)
    ? await sqlIn(em)('delete from push_subscription where id = ? and secret_hash = ? returning id', [
        id,
        hashOf(secret),
      ])
    : [];
  if (rows.length === 0) throw notFound('push subscription', id);
}

/** Deletes subscriptions that nobody confirmed in time or renewed for 13 months, and jobs that have nothing to tell any more. */
export async function sweepPushes(em: EntityManager, now: Date): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms).toISOString();
  await sqlIn(em)(
    `with expired as (delete from push_job where expires_at < ?),
     healed as (delete from push_service where open_until < ?),
     told as (delete from push_told where newest < ?),
     unread as (delete from push_subscription where confirmed_at is null and renewed_at < ?)
     delete from push_subscription where confirmed_at is not null and renewed_at < ?`,
    [now.toISOString(), before(DAY_MS), before(STORM_MS), before(UNCONFIRMED_MS), before(KEPT_MS)],
  );
}
