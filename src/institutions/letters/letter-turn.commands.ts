import type { EntityManager } from '@mikro-orm/postgresql';
import { v4 as uuid } from 'uuid';
import { sqlIn } from '../../database/sql-in.ts';
import type { MailAnswer } from '../../mail/smtp-answer.rules.ts';
import type { Outcome } from '../../outgoing/courier.ts';
import { IS_FREE, leasedFor, RELEASED } from '../../outgoing/lease.rules.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import type { LetterPurpose, MailboxState } from '../vocabulary.ts';
import { letterWait } from './retry-letter.rules.ts';

/** A letter that this hub alone may send until the lease ends. */
export interface LeasedLetter {
  id: string;
  lease: string;
  purpose: LetterPurpose;
  publication: string | null;
  position: number | null;
  departed: Departed | null;
  /** The number of attempts, this one included. */
  attempts: number;
  createdAt: Date;
  mailbox: string;
  address: string;
  key: string;
  state: MailboxState;
  /** The name and the language of the institution. */
  institution: string;
  language: string;
  /** The ids of the letters on the same publication before it, oldest first. */
  follows: string[];
}

/** Leases letters that are due, at most so many, by the database's clock, since hubs disagree about the time. */
export async function leaseLetters(em: EntityManager, now: Date, most: number): Promise<LeasedLetter[]> {
  const lease = uuid();
  const at = now.toISOString();
  const rows = await sqlIn(em)<
    Omit<LeasedLetter, 'lease' | 'position' | 'createdAt'> & { position: string | null; createdAt: string | Date }
  >(
    `update letter d
     set ${leasedFor()}, attempts = d.attempts + 1, attempted_at = ?
     from mailbox m join institution i on i.id = m.institution_id
     where m.id = d.mailbox_id and d.id in (
       select c.id from letter c
       where c.state = 'WAITING' and c.due_at <= ? and c.expires_at > ?
         and ${IS_FREE}
       order by c.due_at limit ? for update of c skip locked)
     returning d.id, d.purpose, d.publication, d.position, d.departed, d.attempts, d.created_at as "createdAt", m.id as mailbox, m.address,
       m.key, m.state, i.name as institution, i.language,
       array(select e.id::text from letter e
         where e.mailbox_id = d.mailbox_id and e.publication = d.publication and e.position < d.position order by e.position) as follows`,
    [lease, at, at, at, most],
  );
  return rows.map(({ position, createdAt, ...row }) => ({
    ...row,
    lease,
    position: position === null ? null : Number(position),
    createdAt: new Date(createdAt),
  }));
}

/** `gone`: what the letter tells of is not in the journal any more. */
export type LetterAnswer = MailAnswer | { kind: 'gone' };

/** So long a mark stays that a report made: the relay takes letters for a mailbox that is not there as well. */
const REPORTED_MS = 7 * 24 * 3600_000;

/**
 * Records the result of an attempt, and when the next is due. A mailbox that is not there is marked for the desk; a letter that got there
 * takes the mark away. `restMs` is how long the relay is left alone, which is no attempt of the letter.
 */
export async function recordLetter(
  em: EntityManager,
  letter: LeasedLetter,
  answer: LetterAnswer,
  { now, restMs }: { now: Date; restMs: number },
): Promise<Outcome> {
  const at = now.toISOString();
  const { kind } = answer;
  const [status, fault] = 'fault' in answer ? [answer.status, answer.fault] : [null, null];
  const isAway = kind === 'away';
  const wait = isAway ? restMs : letterWait(letter.attempts);
  const state = { sent: 'SENT', refused: 'REFUSED', gone: 'GIVEN_UP', later: 'WAITING', away: 'WAITING' }[kind];
  const ended = state === 'WAITING' ? null : at;
  // One that was overtaken while it was under way counts as sent if it was.
  const still = kind === 'sent' ? '' : `and state = 'WAITING'`;
  await sqlIn(em)(
    `with settled as (
       update letter set ${RELEASED}, state = ?, status = ?, fault = ?, due_at = ?, ended_at = ?, attempts = attempts - ?
       where id = ? and lease = ? ${still} returning mailbox_id)
     update mailbox m set bouncing_since = case when ? then coalesce(m.bouncing_since, ?) end, fault = ?
     from settled s where m.id = s.mailbox_id and (? or (? and m.bouncing_since is not null and not exists (
       select from letter r where r.mailbox_id = m.id and r.state = 'REFUSED' and r.status is null and r.ended_at > ?)))`,
    [
      ...[
        state,
        status,
        fault,
        new Date(now.getTime() + wait).toISOString(),
        ended,
        isAway ? 1 : 0,
        letter.id,
        letter.lease,
      ],
      ...[kind === 'refused', at, kind === 'refused' ? fault : null, kind === 'refused', kind === 'sent'],
      new Date(now.getTime() - REPORTED_MS).toISOString(),
    ],
  );
  if (state === 'WAITING') return 'retry';
  return state === 'SENT' ? 'delivered' : 'failed';
}

/** Returns the lease of a letter as if it had never been taken: the hub ends before there was an answer. */
export async function returnLetter(em: EntityManager, { id, lease }: LeasedLetter): Promise<void> {
  await sqlIn(em)(`update letter set ${RELEASED}, attempts = greatest(attempts - 1, 0) where id = ? and lease = ?`, [
    id,
    lease,
  ]);
}

/** How many letters wait, and how long the oldest of them does, in seconds. */
export async function waitingLetters(
  em: EntityManager,
  now: Date,
): Promise<{ waiting: number; oldestSeconds: number }> {
  const [row] = await sqlIn(em)<{ waiting: number; oldest: Date | string | null }>(
    `select count(*)::int as waiting, min(created_at) as oldest from letter where state = 'WAITING'`,
  );
  const oldest = row?.oldest ? (now.getTime() - new Date(row.oldest).getTime()) / 1000 : 0;
  return { waiting: row?.waiting ?? 0, oldestSeconds: Math.max(0, oldest) };
}
