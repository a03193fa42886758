import type { Sql } from '../../database/sql.ts';
import type { Role } from '../actor.ts';
import { SEALED_ISSUER, SEALED_ROLES } from '../sealed/sealed-key.rules.ts';
import { KEY_ISSUER } from './api-key.rules.ts';

/** A key as far as it decides who may come in. */
export interface KeyFound {
  hash: string;
  id: string;
  /** The issuer of its account. */
  issuer: string;
  accountId: string;
  name: string;
  roles: readonly Role[];
  pointsPerSecond: number | null;
  isRevoked: boolean;
  expiresAt: Date;
}

/**
 * The keys of these hashes, those among them that were rotated and are still good too; and the tokens of sessions that a
 * sealed key opened.
 */
export const keysByHash = (sql: Sql, hashes: readonly string[]): Promise<KeyFound[]> =>
  sql<KeyFound>(
    `select k.hash, id, $2 as issuer, account_id as "accountId", name, roles, points_per_second as "pointsPerSecond",
       revoked_at is not null as "isRevoked", k."expiresAt"
     from api_key, lateral (values (hash, expires_at), (previous_hash, least(previous_until, expires_at))) as k(hash, "expiresAt")
     where (api_key.hash = any($1) or previous_hash = any($1)) and k.hash = any($1)
     union all
     select session_hash, id, $3, account_id, opened_by || ' (' || name || ')', $4::text[], null, withdrawn_at is not null, session_until
     from sealed_key where session_hash = any($1)`,
    [hashes, KEY_ISSUER, SEALED_ISSUER, SEALED_ROLES],
  );

/** Notes that a machine used its key just now: once a minute, by however many hubs it came in. */
export async function noteUse(sql: Sql, id: string): Promise<void> {
  await sql(
    `update api_key set last_used_at = now()
     where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [id],
  );
}
