import type { Sql } from '../../database/sql.ts';
import { HubError } from '../../errors.ts';
import { hashOfSealedKey } from './sealed-key.rules.ts';

/** Where every hub hears by NOTIFY that a sealed key was opened; the message is an Opening in JSON. */
export const SEALED_CHANNEL = 'tocsin_sealed';

/** Facts of an opening, as every hub's log has them. */
export interface Opening {
  sealedKey: string;
  name: string;
  openedBy: string;
  until: string;
}

/** The account of a sealed key, before it is opened. */
export interface SealedHolder {
  accountId: string;
  name: string;
}

/** The holder of a sealed key that nobody has opened. Throws UNAUTHENTICATED for any other. */
export async function holderOfSealedKey(sql: Sql, key: string): Promise<SealedHolder> {
  const hash = hashOfSealedKey(key);
  if (!hash) throw new HubError('UNAUTHENTICATED', 'this sealed key is not whole: look for a typing error');
  const [found] = await sql<SealedHolder & { isOpened: boolean; isWithdrawn: boolean }>(
    `select account_id as "accountId", name, opened_at is not null as "isOpened", withdrawn_at is not null as "isWithdrawn"
     from sealed_key where hash = $1`,
    [hash],
  );
  if (!found) throw new HubError('UNAUTHENTICATED', 'this token is not good');
  if (found.isWithdrawn) throw new HubError('UNAUTHENTICATED', 'this sealed key was withdrawn');
  if (found.isOpened) throw new HubError('UNAUTHENTICATED', 'this sealed key was opened already: it is good once');
  return { accountId: found.accountId, name: found.name };
}

/** How many sealed keys nobody has opened, and how many sessions by such keys run. */
export async function sealedFigures(sql: Sql): Promise<{ sealed: number; running: number }> {
  const [figures] = await sql<{ sealed: number; running: number }>(
    `select count(*) filter (where opened_at is null)::int as sealed,
       count(*) filter (where session_until > now())::int as running
     from sealed_key where withdrawn_at is null`,
  );
  return figures ?? { sealed: Number.NaN, running: Number.NaN };
}
