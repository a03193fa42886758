import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { sqlIn } from '../../database/sql-in.ts';
import { HOUR_MS, type PointWay } from '../contact.rules.ts';
import { callWords, type ToldCall } from './message.words.ts';
import { HELD_MS, type QuietHours, sendingTime } from './sending-time.rules.ts';

interface RungPoint extends Omit<ToldCall, 'nextAt'> {
  rung: number;
  nextAt: Date | string;
  point: string;
  account: string;
  way: PointWay;
  quietHours: QuietHours | null;
  before: string[];
}

/**
 * The confirmed contact points of the people whom the last turn of a call has rung, as long as their accounts may act, but for those at
 * which a message of that call is held back already. They are locked, so that of two turns at once the second one sees the message of the first.
 */
const RUNG_POINTS = `
  select c.reason, c.mode, c.severity, c.rung, c.due_at as "nextAt", p.id as point, p.account_id as account, p.way,
    case when p.quiet_from is not null then json_build_object('from', p.quiet_from, 'to', p.quiet_to) end as "quietHours",
    (select coalesce(json_agg(distinct coalesce(m.sent_at, m.due_at)), '[]') from contact_message m
     where m.point_id = p.id and m.purpose = 'CALL' and coalesce(m.sent_at, m.due_at) > ?
       and (m.sent_at is not null or (m.outcome = 'WAITING' and not m.held))) as before
  from call c
  join call_step s on s.call_id = c.id and s.rung = c.rung and s.outcome = 'ACCEPTED'
  join account a on a.id = s.account_id and a.disabled_at is null
  join contact_point p on p.account_id = a.id and p.confirmed_at is not null
  where c.id = ?::uuid and c.ended_at is null and c.due_at is not null and (c.ways is null or p.way = any(c.ways)) and not exists (
    select from contact_message h where h.point_id = p.id and h.call_id = c.id and h.held and h.outcome = 'WAITING')
  order by p.id`;

const LOCK_POINTS = `
  select p.id from contact_point p
  where p.confirmed_at is not null and p.account_id in (
    select s.account_id from call_step s join call c on c.id = s.call_id and c.rung = s.rung where c.id = ?::uuid)
  order by p.id for no key update`;

/** A key for the link of a message. */
const newMessageKey = (): string => randomBytes(16).toString('base64url');

export const isMessageKey = (text: string): boolean => /^[\w-]{22}$/.test(text);

/**
 * Writes the messages of the turn that a call has just had, one for each contact point of those who were rung: in the turn's own
 * transaction, and before anything is sent (I-52). Answers how many.
 */
export async function writeMessages(em: EntityManager, call: string, now: Date): Promise<number> {
  const sql = sqlIn(em);
  // Before they are read: what another turn wrote for them meanwhile is then seen.
  const locked = await sql(LOCK_POINTS, [call]);
  if (locked.length === 0) return 0;
  const points = await sql<RungPoint>(RUNG_POINTS, [new Date(now.getTime() - HOUR_MS).toISOString(), call]);
  if (points.length === 0) return 0;
  const at = now.toISOString();
  const rows = points.map((point) => rowOf(point, now));
  await sql(
    `insert into contact_message (id, purpose, point_id, account_id, way, call_id, rung, words, key, created_at, due_at, expires_at,
       held, outcome, attempts)
     select w.id, 'CALL', w.point, w.account, w.way, ?::uuid, w.rung, w.words, w.key, ?, w.due, w.expires, w.held, 'WAITING', 0
     from jsonb_to_recordset(?::jsonb) as w(id uuid, point uuid, account uuid, way text, rung int, words text, key text,
       due timestamptz, expires timestamptz, held boolean)`,
    [call, at, JSON.stringify(rows)],
  );
  return rows.length;
}

function rowOf({ point, account, way, rung, nextAt, quietHours, before, ...told }: RungPoint, now: Date) {
  const { reason, severity } = told;
  const sent = before.map((one) => new Date(one));
  const { at, held } = sendingTime({ reason, severity, quietHours, before: sent }, now);
  const next = new Date(nextAt);
  return {
    ...{ id: uuid(), point, account, way, rung, key: newMessageKey(), held },
    words: callWords({ ...told, nextAt: next }),
    due: at.toISOString(),
    expires: new Date(held ? Math.max(next.getTime(), at.getTime() + HELD_MS) : next.getTime()).toISOString(),
  };
}
