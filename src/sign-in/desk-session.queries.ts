import type { AccountOwner } from '../access/account.queries.ts';
import type { Sql } from '../database/sql.ts';

/** An open session, and whose it is. */
export interface OpenSession extends AccountOwner {
  id: string;
  /** How the person signed in, as the issuer said it. */
  signs: string[];
  seenAt: Date;
  endsAt: Date;
  renewAt: Date | null;
}

/** The session that was not ended of a secret with this hash. It may be over by now: the caller looks at its times. */
export async function sessionOf(sql: Sql, secretHash: string): Promise<OpenSession | undefined> {
  const [found] = await sql<OpenSession>(
    `select id, issuer, subject, name, signs, seen_at as "seenAt", ends_at as "endsAt", renew_at as "renewAt"
     from desk_session where secret_hash = $1 and ended_at is null`,
    [secretHash],
  );
  return found;
}

/** Of some sessions those that were not ended, with what other hubs may have written meanwhile. */
export const openAmong = (
  sql: Sql,
  ids: readonly string[],
): Promise<Pick<OpenSession, 'id' | 'seenAt' | 'renewAt'>[]> =>
  sql(
    'select id, seen_at as "seenAt", renew_at as "renewAt" from desk_session where id = any($1) and ended_at is null',
    [ids],
  );
