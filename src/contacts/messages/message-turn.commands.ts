import type { EntityManager } from '@mikro-orm/postgresql';
import { v4 as uuid } from 'uuid';
import type { CallReason } from '../../calling/call.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import type { MailAnswer } from '../../mail/smtp-answer.rules.ts';
import type { Outcome } from '../../outgoing/courier.ts';
import { IS_FREE, leasedFor, RELEASED } from '../../outgoing/lease.rules.ts';
import type { Mode } from '../../publications/vocabulary.ts';
import { CODE_MS, codeHash, type MessagePurpose, newCode, type PointWay } from '../contact.rules.ts';

/** A message that this hub alone may send until the lease ends. Those that were held back for one contact point are one message. */
export interface LeasedContactMessage {
  id: string;
  lease: string;
  purpose: MessagePurpose;
  way: PointWay;
  address: string;
  /** Of calls, the first one first; none of a code. Those that are stopped before it leaves are taken out. */
  calls: WaitingCall[];
  createdAt: Date;
  /** The number of attempts, this one included. */
  attempts: number;
}

/** One call in a message. */
export interface WaitingCall {
  /** The id of its own row. */
  id: string;
  reason: CallReason;
  mode: Mode;
  words: string;
  key: string;
}

/** Whether any message waits for one of these ways: most of the time none does. */
export const hasMessages = async (em: EntityManager, ways: readonly PointWay[]): Promise<boolean> =>
  (await sqlIn(em)(`select 1 from contact_message where outcome = 'WAITING' and way in (?) limit 1`, [ways])).length >
  0;

// Of calls that ring, and of accounts that may act: those that nobody may send do not stand before the others.
const DUE = `
  from contact_message c
  join contact_point p on p.id = c.point_id
  join account a on a.id = p.account_id and a.disabled_at is null
  left join call k on k.id = c.call_id
  where c.way in (?) and c.outcome = 'WAITING' and c.due_at <= ? and c.expires_at > ?
    and (c.purpose = 'CODE' or (k.ended_at is null and k.state in ('RINGING', 'EXHAUSTED')))`;

// Of what is held back for one contact point the first one leads, and takes the others along.
const LEADS = `
  select c.id, c.held, c.point_id, k.reason, k.mode, p.address ${DUE}
    and ${IS_FREE}
    and not (c.held and exists (select from contact_message b join call o on o.id = b.call_id and o.mode = k.mode
      where b.held and b.point_id = c.point_id and b.outcome = 'WAITING' and b.due_at <= ? and b.expires_at > ? and b.id < c.id))
  order by c.due_at limit ? for update of c skip locked`;

interface LeasedRow extends Omit<WaitingCall, 'words' | 'key'> {
  lead: string;
  purpose: MessagePurpose;
  way: PointWay;
  address: string;
  words: string | null;
  key: string | null;
  createdAt: string | Date;
  attempts: number;
}

/** Leases messages that are due, at most so many, by the database's clock, since hubs disagree about the time. */
export async function leaseMessages(
  em: EntityManager,
  { now, most, ways }: { now: Date; most: number; ways: readonly PointWay[] },
): Promise<LeasedContactMessage[]> {
  const lease = uuid();
  const at = now.toISOString();
  const rows = await sqlIn(em)<LeasedRow>(
    `with leads as materialized (${LEADS}),
     chosen as materialized (
       select l.id, l.id as lead, l.address, l.reason, l.mode from leads l
       union
       select c.id, l.id, l.address, k.reason, l.mode from leads l
       join contact_message c on l.held and c.held and c.point_id = l.point_id and c.outcome = 'WAITING' and c.due_at <= ? and c.expires_at > ?
       join call k on k.id = c.call_id and k.mode = l.mode)
     update contact_message m
     set ${leasedFor()}, attempts = m.attempts + 1
     from chosen where m.id = chosen.id and m.outcome = 'WAITING'
     returning m.id, chosen.lead, m.purpose, m.way, chosen.address, chosen.reason, chosen.mode, m.words, m.key, m.created_at as "createdAt", m.attempts`,
    [ways, at, at, at, at, most, at, at, lease],
  );
  const groups = Map.groupBy(rows, ({ lead }) => lead);
  return [...groups.values()].map((group) => messageOf(group, lease));
}

function messageOf(group: LeasedRow[], lease: string): LeasedContactMessage {
  const [first, ...more] = group.toSorted((a, b) => (a.id < b.id ? -1 : 1)) as [LeasedRow, ...LeasedRow[]];
  const { id, purpose, way, address, createdAt, attempts } = first;
  const calls = [first, ...more].flatMap(({ id: row, reason, mode, words, key }) =>
    words === null || key === null ? [] : [{ id: row, reason, mode, words, key }],
  );
  return { id, lease, purpose, way, address, calls, createdAt: new Date(createdAt), attempts };
}

/** The calls of a message that are still to be told of: an answer to the others has stopped them, by whichever hub. */
export async function wantedCalls(em: EntityManager, { lease, calls }: LeasedContactMessage): Promise<WaitingCall[]> {
  if (calls.length === 0) return [];
  const rows = await sqlIn(em)<{ id: string }>(
    `select id from contact_message where id in (?) and lease = ? and outcome = 'WAITING'`,
    [calls.map(({ id }) => id), lease],
  );
  const wanted = new Set(rows.map(({ id }) => id));
  return calls.filter(({ id }) => wanted.has(id));
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
    `update contact_message set ${RELEASED}, outcome = ?, status = ?, fault = ?, due_at = ?,
       sent_at = case when ? = 'ACCEPTED' then ?::timestamptz end
     where id in (?) and lease = ? ${still}`,
    [
      ...[outcome, status, fault, new Date(now.getTime() + wait).toISOString(), outcome, now.toISOString()],
      ...[rowsOf(message), message.lease],
    ],
  );
  if (outcome === 'WAITING') return 'retry';
  return outcome === 'ACCEPTED' ? 'delivered' : 'failed';
}

/** The rows that a message told of. */
const rowsOf = ({ id, calls }: LeasedContactMessage): string[] =>
  calls.length > 0 ? calls.map((call) => call.id) : [id];

/** Returns the lease of a message as if it had never been taken: the hub ends before there was an answer. */
export async function returnMessage(em: EntityManager, message: LeasedContactMessage): Promise<void> {
  await sqlIn(em)(
    `update contact_message set ${RELEASED}, attempts = greatest(attempts - 1, 0)
     where id in (?) and lease = ?`,
    [rowsOf(message), message.lease],
  );
}

/** How many messages wait. */
export async function waitingMessages(em: EntityManager): Promise<number> {
  const [row] = await sqlIn(em)<{ waiting: number }>(
    `select count(*)::int as waiting from contact_message where outcome = 'WAITING'`,
  );
  return row?.waiting ?? 0;
}
