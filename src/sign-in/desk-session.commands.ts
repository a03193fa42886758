import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccountOwner } from '../access/account.queries.ts';
import { demand, permits } from '../access/permissions.rules.ts';
import type { Sql } from '../database/sql.ts';
import { sqlIn } from '../database/sql-in.ts';
import { notFound } from '../office/lock.queries.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { isUuid } from '../uuid.ts';
import type { SessionTimes } from './session.rules.ts';

/** A session that begins. */
export interface NewSession {
  id: string;
  secretHash: string;
  person: AccountOwner;
  signs: readonly string[];
  issuerSession: string | null;
  at: Date;
  endsAt: Date;
  /** Encrypted. */
  refreshToken: string | null;
  idToken: string | null;
  renewAt: Date | null;
}

export const beginSession = (sql: Sql, session: NewSession): Promise<object[]> =>
  sql(
    `insert into desk_session
       (id, secret_hash, issuer, subject, name, signs, issuer_session, started_at, seen_at, ends_at, refresh_token, id_token,
        renew_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12)`,
    [
      session.id,
      session.secretHash,
      session.person.issuer,
      session.person.subject,
      session.person.name,
      session.signs,
      session.issuerSession,
      session.at,
      session.endsAt,
      session.refreshToken,
      session.idToken,
      session.renewAt,
    ],
  );

/** Writes down that a person asked for something; undefined where the session is over. */
export async function touchSession(
  sql: Sql,
  id: string,
  now: Date,
  { idleMinutes }: SessionTimes,
): Promise<{ seenAt: Date; renewAt: Date | null } | undefined> {
  const [touched] = await sql<{ seenAt: Date; renewAt: Date | null }>(
    `update desk_session set seen_at = greatest(seen_at, $2)
     where id = $1 and ended_at is null and ends_at > $2 and seen_at > $3
     returning seen_at as "seenAt", renew_at as "renewAt"`,
    [id, now, new Date(now.getTime() - idleMinutes * 60_000)],
  );
  return touched;
}

/**
 * Ends a session for good, and answers its refresh token, encrypted, which the issuer may be told of. The ID token stays for
 * a person who signs out (`leaves`), and goes on to the issuer.
 */
export async function endSession(
  sql: Sql,
  id: string,
  now: Date,
  leaves = false,
): Promise<{ refreshToken: string | null } | undefined> {
  const [ended] = await sql<{ refreshToken: string | null }>(
    `with open as (select id, refresh_token from desk_session where id = $1 and ended_at is null for update)
     update desk_session s
     set ended_at = $2, refresh_token = null, id_token = case when $3 then s.id_token end, renew_at = null, renewing_until = null
     from open where s.id = open.id
     returning open.refresh_token as "refreshToken"`,
    [id, now, leaves],
  );
  return ended;
}

/** Ends the session that a secret with this hash opens, if there is one. */
export const endSessionOf = (sql: Sql, secretHash: string, now: Date): Promise<object[]> =>
  sql(
    `update desk_session set ended_at = $2, refresh_token = null, id_token = null, renew_at = null, renewing_until = null
     where secret_hash = $1 and ended_at is null`,
    [secretHash, now],
  );

/**
 * Ends an open session of the actor's own, or of anybody's for an ADMIN: for good, and at every hub, which PostgreSQL notifies at
 * the commit. NOT_FOUND for one that has ended, and for those of others.
 */
export async function endDeskSession({ em, actor, clock }: UnitOfWork, id: string): Promise<{ id: string }> {
  demand(actor, 'endDeskSession');
  const ended = isUuid(id)
    ? await sqlIn(em)<{ id: string }>(
        `update desk_session s
         set ended_at = ?, refresh_token = null, id_token = null, renew_at = null, renewing_until = null
         where s.id = ? and s.ended_at is null
           and (? or (s.issuer, s.subject) in (select a.issuer, a.subject from account a where a.id = ?))
         returning s.id`,
        [clock.now().toISOString(), id, permits(actor, 'manageDeskSessions'), actor.id],
      )
    : [];
  if (!ended[0]) throw notFound('open session', id);
  return ended[0];
}

/** Whose session, or which one, an issuer says is over there: one of the two at least. */
export interface IssuerSignOut {
  issuer: string;
  subject: string | null;
  issuerSession: string | null;
}

/** Ends what an issuer says is over; answers how many sessions that were. */
export async function endByIssuer(
  sql: Sql,
  { issuer, subject, issuerSession }: IssuerSignOut,
  now: Date,
): Promise<number> {
  const ended = await sql(
    `update desk_session
     set ended_at = $1, refresh_token = null, id_token = null, renew_at = null, renewing_until = null
     where ended_at is null and issuer = $2 and ($3::text is not null or $4::text is not null)
       and ($3::text is null or subject = $3) and ($4::text is null or issuer_session = $4)
     returning id`,
    [now, issuer, subject, issuerSession],
  );
  return ended.length;
}

/** Takes the ID token of a session that its person has just ended: once. */
export async function takeIdToken(sql: Sql, id: string, endedAfter: Date): Promise<string | null> {
  const [left] = await sql<{ idToken: string }>(
    `with left_behind as (
       select id, id_token from desk_session where id = $1 and ended_at > $2 and id_token is not null for update)
     update desk_session s set id_token = null from left_behind l where s.id = l.id returning l.id_token as "idToken"`,
    [id, endedAfter],
  );
  return left?.idToken ?? null;
}

/** For how long a hub alone may ask the issuer; longer than it waits for an answer and tries to write that down. */
const RENEWING_MS = 60_000;

/** Takes the right to renew a session, and its refresh token, encrypted; undefined where another hub is at it, or was. */
export async function takeRenewal(sql: Sql, id: string, now: Date): Promise<string | undefined> {
  const [taken] = await sql<{ refreshToken: string }>(
    `update desk_session set renewing_until = $3
     where id = $1 and ended_at is null and refresh_token is not null and renew_at <= $2
       and (renewing_until is null or renewing_until <= $2)
     returning refresh_token as "refreshToken"`,
    [id, now, new Date(now.getTime() + RENEWING_MS)],
  );
  return taken?.refreshToken;
}

/** The tokens in place of those before. */
export interface Renewed {
  refreshToken: string;
  /** Null: the one before stays. */
  idToken: string | null;
  renewAt: Date | null;
}

/** Keeps what the issuer gave to the hub that renewed. */
export const keepRenewed = (sql: Sql, id: string, { refreshToken, idToken, renewAt }: Renewed): Promise<object[]> =>
  sql(
    `update desk_session
     set refresh_token = $2, id_token = coalesce($3, id_token), renew_at = $4, renewing_until = null
     where id = $1 and ended_at is null`,
    [id, refreshToken, idToken, renewAt],
  );

/** Lets any hub renew a session later: the issuer could not be asked. */
export const postponeRenewal = (sql: Sql, id: string, renewAt: Date): Promise<object[]> =>
  sql('update desk_session set renew_at = $2, renewing_until = null where id = $1 and ended_at is null', [id, renewAt]);

/** A person who signed out has this long to be led to the issuer. */
export const LEAVING_MS = 600_000;

/** Deletes the sessions that are over; the timekeeper's. An ended one stays until nobody can be on the way out of it. */
export async function forgetSessions(em: EntityManager, now: Date, { idleMinutes }: SessionTimes): Promise<number> {
  const gone = await sqlIn(em)(
    'delete from desk_session where ended_at <= ? or (ended_at is null and (ends_at <= ? or seen_at <= ?)) returning id',
    [
      new Date(now.getTime() - LEAVING_MS).toISOString(),
      now.toISOString(),
      new Date(now.getTime() - idleMinutes * 60_000).toISOString(),
    ],
  );
  return gone.length;
}
