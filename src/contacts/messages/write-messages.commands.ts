import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { sqlIn } from '../../database/sql-in.ts';
import type { PointWay } from '../contact.rules.ts';
import { callWords, type ToldCall } from './message.words.ts';

interface RungPoint extends Omit<ToldCall, 'nextAt'> {
  rung: number;
  nextAt: Date | string;
  point: string;
  account: string;
  way: PointWay;
}

/** The confirmed contact points of the people whom the last turn of a call has rung, as long as their accounts may act. */
const RUNG_POINTS = `
  select c.reason, c.mode, c.severity, c.rung, c.due_at as "nextAt", p.id as point, p.account_id as account, p.way
  from call c
  join call_step s on s.call_id = c.id and s.rung = c.rung and s.outcome = 'ACCEPTED'
  join account a on a.id = s.account_id and a.disabled_at is null
  join contact_point p on p.account_id = a.id and p.confirmed_at is not null
  where c.id = ?::uuid and c.ended_at is null and c.due_at is not null
  order by p.id`;

/** A key for the link of a message. */
const newMessageKey = (): string => randomBytes(16).toString('base64url');

export const isMessageKey = (text: string): boolean => /^[\w-]{22}$/.test(text);

/**
 * Writes the messages of the turn that a call has just had, one for each contact point of those who were rung: in the turn's own
 * transaction, and before anything is sent (I-52). Answers how many.
 */
export async function writeMessages(em: EntityManager, call: string, now: Date): Promise<number> {
  const sql = sqlIn(em);
  const points = await sql<RungPoint>(RUNG_POINTS, [call]);
  if (points.length === 0) return 0;
  const at = now.toISOString();
  const rows = points.map(({ point, account, way, rung, nextAt, ...told }) => ({
    ...{ id: uuid(), point, account, way, rung, key: newMessageKey() },
    words: callWords({ ...told, nextAt: new Date(nextAt) }),
    expires: new Date(nextAt).toISOString(),
  }));
  await sql(
    `insert into contact_message (id, purpose, point_id, account_id, way, call_id, rung, words, key, created_at, due_at, expires_at,
       outcome, attempts)
     select w.id, 'CALL', w.point, w.account, w.way, ?::uuid, w.rung, w.words, w.key, ?, ?, w.expires, 'WAITING', 0
     from jsonb_to_recordset(?::jsonb) as w(id uuid, point uuid, account uuid, way text, rung int, words text, key text, expires timestamptz)`,
    [call, at, at, JSON.stringify(rows)],
  );
  return rows.length;
}
