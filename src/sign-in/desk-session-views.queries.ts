import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import { demand, permits } from '../access/permissions.rules.ts';
import { parisTime } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { notFound } from '../office/lock.queries.ts';
import { isUuid } from '../uuid.ts';
import { idleEnd, type SessionTimes } from './session.rules.ts';

/** An open session, as its person and administrators see it. */
export interface DeskSessionView {
  id: string;
  startedAt: string;
  lastSeenAt: string;
  expiresAt: string;
  current: boolean;
}

interface Row {
  /** Null for an account without an open session. */
  id: string | null;
  startedAt: string;
  seenAt: string;
  endsAt: string;
}

/** More than anybody has browsers; the newest are listed. */
const MOST_LISTED = 100;

/** The open sessions of the actor, or for an ADMIN of any account (`account`, its id), the newest first. NOT_FOUND for others' accounts. */
export async function deskSessions(
  em: EntityManager,
  actor: Actor | null,
  account: string | null,
  { now, times }: { now: Date; times: SessionTimes },
): Promise<DeskSessionView[]> {
  demand(actor, 'readDeskSessions');
  const whose = account ?? actor.id;
  const mayKnow = whose === actor.id || permits(actor, 'manageDeskSessions');
  const rows =
    mayKnow && isUuid(whose)
      ? await sqlIn(em)<Row>(
          `select s.id, s.started_at as "startedAt", s.seen_at as "seenAt", s.ends_at as "endsAt"
         from account a left join desk_session s on s.issuer = a.issuer and s.subject = a.subject
           and s.ended_at is null and s.ends_at > ? and s.seen_at > ?
         where a.id = ? order by s.started_at desc, s.id limit ?`,
          [now.toISOString(), new Date(now.getTime() - times.idleMinutes * 60_000).toISOString(), whose, MOST_LISTED],
        )
      : [];
  if (rows.length === 0) throw notFound('account', whose);
  return rows.flatMap(({ id, startedAt, ...row }) => {
    if (id === null) return [];
    const [seenAt, endsAt] = [new Date(row.seenAt), new Date(row.endsAt)];
    const expiresAt = new Date(idleEnd({ seenAt: seenAt.getTime(), endsAt: endsAt.getTime() }, times));
    return {
      id,
      startedAt: parisTime(new Date(startedAt)),
      lastSeenAt: parisTime(seenAt),
      expiresAt: parisTime(expiresAt),
      current: id === actor.deskSession,
    };
  });
}
