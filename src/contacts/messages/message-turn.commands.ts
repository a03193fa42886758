import type { EntityManager } from '@mikro-orm/postgresql';
import { v4 as uuid } from 'uuid';
import { sqlIn } from '../../database/sql-in.ts';
import type { MailAnswer } from '../../mail/smtp-answer.rules.ts';
import type { Outcome } from '../../outgoing/courier.ts';
import { CODE_MS, codeHash, type MessagePurpose, newCode } from '../contact.rules.ts';

/** A message that this hub alone may send until the lease ends. */
export interface LeasedContactMessage {
  id: string;
  lease: string;
  purpose: MessagePurpose;
  address: string;
  /** Of a call; null for a code. */
  words: string | null;
  key: string | null;
  createdAt: Date;
  /** The number of attempts, this one included. */
  attempts: number;
}

/** Longer than any attempt takes, so that it ends by itself only when its hub is gone. */
const LEASE_S = 20;

/** Whether any message waits: most of the time none does. */
export const hasMessages = async (em: EntityManager): Promise<boolean> =>
  (await sqlIn(em)(`select 1 from contact_message where outcome = 'WAITING' limit 1`)).length > 0;

// Of calls that ring, and of accounts that may act; those that nobody may send do not stand before the others.
const CHOSEN = `
  select c.id, p.address from contact_message c
  join contact_point p on p.id = c.point_id
  join account a on a.id = p.account_id and a.disabled_at is null
  left join call k on k.id = c.call_id
  where c.outcome = 'WAITING' and c.due_at <= ? and c.expires_at > ?
    and (c.leased_until is null or c.leased_until < clock_timestamp())
    and (c.purpose = 'CODE' or (k.ended_at is null and k.state in ('RINGING', 'EXHAUSTED')))
  order by c.due_at limit ? for update of c skip locked`;

/** Leases messages that are due, at most so many, by the database's clock, since hubs disagree about the time. */
export async function leaseMessages(em: EntityManager, now: Date, most: number): Promise<LeasedContactMessage[]> {
  const lease = uuid();
  const at = now.toISOString();
  const rows = await sqlIn(em)<Omit<LeasedContactMessage, 'lease' | 'createdAt'> & { createdAt: string | Date }>(
    `with chosen as materialized (${CHOSEN})
     update contact_message m
     set lease = ?, leased_until = clock_timestamp() + interval '${LEASE_S} seconds', attempts = m.attempts + 1
     from chosen where m.id = chosen.id
     returning m.id, m.purpose, chosen.address, m.words, m.key, m.created_at as "createdAt", m.attempts`,
    [at, at, most, lease],
  );
  return rows.map(({ createdAt, ...row }) => ({ ...row, lease, createdAt: new Date(createdAt) }));
}

/** Whether a message is still to be sent: an answer to its call has stopped it otherwise, by whichever hub. */
export async function isWanted(em: EntityManager, { id, lease }: LeasedContactMessage): Promise<boolean> {
  const rows = await sqlIn(em)(`select 1 from contact_message where id = ? and lease = ? and outcome = 'WAITING'`, [
    id,
    lease,
  ]);
  return rows.length > 0;
}

/**
 * Makes the code of a message, of which the hash alone is kept; the one before it is good no more. Null where the message is not to be
 * sent any more, or the contact point has moved since it was leased.
 */
export async function takeCode(em: EntityManager, message: LeasedContactMessage, now: Date): Promise<string | null> {
  const code = newCode();
  const sql = sqlIn(em);
  const [point] = await sql<{ id: string }>(
    `select p.id from contact_point p join contact_message m on m.point_id = p.id
     where m.id = ? and m.lease = ? and m.outcome = 'WAITING'`,
    [message.id, message.lease],
  );
  if (!point) return null;
  const kept = await sql(
    `update contact_point set code_hash = ?, code_expires_at = ?, code_tries = 0
     where id = ? and address = ? and confirmed_at is null returning id`,
    [codeHash(point.id, code), new Date(now.getTime() + CODE_MS).toISOString(), point.id, message.address],
  );
  return kept.length > 0 ? code : null;
}

/** `gone`: the message is not to be sent any more. */
export type MessageAnswer = MailAnswer | { kind: 'gone' };

/** The waits after the first, second … attempt that failed, in seconds; the last one holds for all that follow. */
const WAITS_S = [5, 10, 20, 30] as const;
const waitAfterFailure = (attempts: number): number => (WAITS_S[attempts - 1] ?? 30) * 1000;

/**
 * Records the result of an attempt, and when the next is due. One that was sent counts as sent, though it was stopped meanwhile.
 * `restMs` is how long the relay is left alone.
 */
export async function recordMessage(
  em: EntityManager,
  message: LeasedContactMessage,
  answer: MessageAnswer,
  { now, restMs }: { now: Date; restMs: number },
): Promise<Outcome> {
  const { kind } = answer;
  const [status, fault] = 'fault' in answer ? [answer.status, answer.fault] : [null, null];
  const wait = kind === 'away' ? restMs : waitAfterFailure(message.attempts);
  const outcome = { sent: 'ACCEPTED', refused: 'FAILED', gone: 'STOPPED', later: 'WAITING', away: 'WAITING' }[kind];
  const still = kind === 'sent' ? '' : `and outcome = 'WAITING'`;
  await sqlIn(em)(
    `update contact_message set lease = null, leased_until = null, outcome = ?, status = ?, fault = ?, due_at = ?
     where id = ? and lease = ? ${still}`,
    [outcome, status, fault, new Date(now.getTime() + wait).toISOString(), message.id, message.lease],
  );
  if (outcome === 'WAITING') return 'retry';
  return outcome === 'ACCEPTED' ? 'delivered' : 'failed';
}

/** Returns the lease of a message as if it had never been taken: the hub ends before there was an answer. */
export async function returnMessage(em: EntityManager, { id, lease }: LeasedContactMessage): Promise<void> {
  await sqlIn(em)(
    `update contact_message set lease = null, leased_until = null, attempts = greatest(attempts - 1, 0)
     where id = ? and lease = ?`,
    [id, lease],
  );
}

/** How many messages wait. */
export async function waitingMessages(em: EntityManager): Promise<number> {
  const [row] = await sqlIn(em)<{ waiting: number }>(
    `select count(*)::int as waiting from contact_message where outcome = 'WAITING'`,
  );
  return row?.waiting ?? 0;
}
