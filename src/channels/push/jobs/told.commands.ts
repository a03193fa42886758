import type { TransactionSql } from '../../../database/sql-in.ts';
import { arrayOf } from '../sql-array.rules.ts';
import { MOST_LOUD, STORM_MS } from './storm.rules.ts';

/** How often the subscription `s` was pushed to within a storm's time, as an expression in SQL; with its parameter. */
export const toldSince = (now: Date) => ({
  sql: '(select count(*)::int from push_told t, unnest(t.at) a where t.id = s.id and a > ?)',
  value: new Date(now.getTime() - STORM_MS).toISOString(),
});

/** Notes that subscriptions were pushed to. */
export async function noteTold(sql: TransactionSql, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  const at = now.toISOString();
  await sql(
    `insert into push_told as t (id, at, newest) select w.id, array[?::timestamptz], ?::timestamptz from unnest(?::uuid[]) as w(id)
     on conflict (id) do update set at = (excluded.at || t.at)[1:${MOST_LOUD}], newest = excluded.newest`,
    [at, at, arrayOf(ids)],
  );
}
