import type { EntityManager } from '@mikro-orm/postgresql';
import { v4 as uuid } from 'uuid';
import { sqlIn } from '../../../database/sql-in.ts';
import { retryAfter } from '../../../dates/retry-after.ts';
import type { Outcome } from '../../../outgoing/courier.ts';
import { IS_FREE, leasedFor, RELEASED } from '../../../outgoing/lease.rules.ts';
import type { SigningKey } from '../key.rules.ts';
import { pauseDeliveries } from './delivery.commands.ts';
import { PAUSE_AFTER_MS, waitAfter } from './retry.rules.ts';
import type { AttemptResult } from './send.ts';

/** A message that this hub alone may send until the lease ends. */
export interface LeasedMessage {
  id: string;
  lease: string;
  webhook: string;
  /** Null for a ping. */
  position: number | null;
  url: string;
  body: string;
  /** The number of attempts, this one included. */
  attempts: number;
  /** The newest first. */
  keys: SigningKey[];
}

/** Webhooks of owners who may act. */
const SENDING = 'from webhook h join account o on o.id = h.owner_id and o.disabled_at is null';

/** Of each of them the earliest message that waits, and every ping. Each is found by the index, however many there are. */
const TURNS = `
  select (select e.id from webhook_delivery e
          where e.webhook_id = h.id and e.state = 'PENDING' and e.position is not null order by e.position limit 1)
  ${SENDING} where h.paused is null
  union all
  select e.id ${SENDING}, lateral (select p.id from webhook_delivery p
    where p.webhook_id = h.id and p.state = 'PENDING' and p.position is null) e`;

/**
 * Leases messages that are due, at most so many, and of each webhook only the earliest that waits: later ones wait until it
 * is delivered or given up. Pings keep to no order, and reach a paused webhook too. Nothing is sent for an owner who is disabled. Leases go by the database's clock,
 * since hubs disagree about the time.
 */
export async function leaseDue(em: EntityManager, now: Date, most: number): Promise<LeasedMessage[]> {
  const lease = uuid();
  const at = now.toISOString();
  const rows = await sqlIn(em)<Omit<LeasedMessage, 'lease' | 'position'> & { position: string | null }>(
    `update webhook_delivery d
     set ${leasedFor()}, attempts = attempts + 1,
       attempted_at = ?
     from webhook w
     where w.id = d.webhook_id and d.id in (
       select c.id from webhook_delivery c
       where c.id in (${TURNS}) and c.state = 'PENDING' and c.due_at <= ?
         and ${IS_FREE}
       order by c.due_at limit ? for update of c skip locked)
     returning d.id, d.webhook_id as webhook, d.position, w.url, d.body, d.attempts,
       (select coalesce(json_agg(json_build_object('signature', k.signature, 'secret', k.secret, 'publicKey', k.public_key)
          order by k.created_at desc, k.id desc), '[]') from webhook_key k
        where k.webhook_id = w.id and (k.expires_at is null or k.expires_at > ?)) as keys`,
    [lease, at, at, most, at],
  );
  return rows.map((row) => ({ ...row, lease, position: row.position === null ? null : Number(row.position) }));
}

/**
 * Records the result of an attempt, and when the next is due. Pauses a webhook whose receiver answers that it is gone (410),
 * or of which every attempt failed for five days. A change that somebody made to the message meanwhile stays.
 */
export async function recordAnswer(
  em: EntityManager,
  message: LeasedMessage,
  answer: AttemptResult,
  { now, random }: { now: Date; random: number },
): Promise<Outcome> {
  const { status, fault } = answer;
  return em.transactional(async (opened) => {
    const inside = opened as EntityManager;
    // Locks the webhook first, as the commands of staff do: two transactions that want both never wait for each other.
    const [webhook] = await sqlIn(inside)<{ failingSince: Date | string | null }>(
      `select failing_since as "failingSince" from webhook where id = ? for update`,
      [message.webhook],
    );
    if (!webhook) return 'failed';
    const asked = status === 429 || status === 503 ? retryAfter(answer.retryAfter, now) : null;
    const isPing = message.position === null;
    const wait = isPing || status === 410 ? null : waitAfter(message.attempts, asked, random);
    const outcome: Outcome = fault === null ? 'delivered' : wait === null ? 'failed' : 'retry';
    await settle(inside, message, { status, fault, outcome, now, due: new Date(now.getTime() + (wait ?? 0)) });
    if (!isPing) await judge(inside, message, { answer, now, failingSince: webhook.failingSince });
    return outcome;
  });
}

interface Settlement extends Pick<AttemptResult, 'status' | 'fault'> {
  outcome: Outcome;
  now: Date;
  due: Date;
}

async function settle(
  em: EntityManager,
  { id, lease }: LeasedMessage,
  { status, fault, outcome, now, due }: Settlement,
) {
  const ended = outcome === 'retry' ? null : now.toISOString();
  // Somebody may have given the message up while it was under way: it counts as delivered if it was, else it stays given up.
  const still = outcome === 'delivered' ? '' : `and state = 'PENDING'`;
  await sqlIn(em)(
    `update webhook_delivery set ${RELEASED}, status = ?, fault = ?, state = ?, due_at = ?, ended_at = ?
     where id = ? and lease = ? ${still}`,
    [
      status,
      fault,
      { delivered: 'DELIVERED', retry: 'PENDING', failed: 'FAILED' }[outcome],
      due.toISOString(),
      ended,
      id,
      lease,
    ],
  );
}

interface Judged {
  answer: AttemptResult;
  now: Date;
  failingSince: Date | string | null;
}

async function judge(
  em: EntityManager,
  { id, webhook }: LeasedMessage,
  { answer, now, failingSince }: Judged,
): Promise<void> {
  if (answer.fault === null) {
    if (failingSince) await sqlIn(em)('update webhook set failing_since = null where id = ?', [webhook]);
    return;
  }
  if (!failingSince)
    await sqlIn(em)(
      'update webhook set failing_since = (select attempted_at from webhook_delivery where id = ?) where id = ?',
      [id, webhook],
    );
  const lasts = failingSince ? now.getTime() - new Date(failingSince).getTime() : 0;
  if (answer.status === 410) await pauseDeliveries(em, webhook, 'GONE', now);
  else if (lasts >= PAUSE_AFTER_MS) await pauseDeliveries(em, webhook, 'FAILING', now);
}

/** Returns the lease of a message as if it had never been taken: the hub ends before there was an answer. */
export async function returnLease(em: EntityManager, { id, lease }: LeasedMessage): Promise<void> {
  await sqlIn(em)(
    `update webhook_delivery set ${RELEASED}, attempts = greatest(attempts - 1, 0)
     where id = ? and lease = ?`,
    [id, lease],
  );
}

/** Deletes messages that ended that many days ago, and keys that sign no more. */
export async function forgetDeliveries(em: EntityManager, now: Date, days: number): Promise<void> {
  const before = new Date(now.getTime() - days * 24 * 3600_000).toISOString();
  await sqlIn(em)(`delete from webhook_delivery where state in ('DELIVERED', 'FAILED') and due_at < ?`, [before]);
  await sqlIn(em)('delete from webhook_key where expires_at < ?', [now.toISOString()]);
}
