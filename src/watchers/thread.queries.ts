import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../database/sql-in.ts';
import type { WatchedCap } from './reading/cap-message.ts';
import { referredKeys } from './references.rules.ts';

/** A message that was taken, to which another refers. */
export interface TakenMessage {
  key: string;
  report: string;
}

/** An Update may refer to the Update before it alone, and that one to the first: so many are followed. */
const MOST_STEPS = 10;

/** The messages taken to which a message refers, itself or by those between, the first of them first. */
export async function threadBefore(
  em: EntityManager,
  cap: Pick<WatchedCap, 'sender' | 'references'>,
): Promise<TakenMessage[]> {
  const found = new Map<string, TakenMessage>();
  let keys = referredKeys(cap);
  for (let step = 0; step < MOST_STEPS && keys.length > 0; step += 1) {
    const rows = await sqlIn(em)<TakenMessage & { cap: WatchedCap }>(
      `select key, report_id as report, cap from feed_origin
       where key in (?) and cap is not null order by published_at desc, key`,
      [keys],
    );
    for (const { key, report } of rows) found.set(key, { key, report });
    keys = rows.flatMap((row) => referredKeys(row.cap)).filter((key) => !found.has(key));
  }
  // Those found by later steps are the earlier messages.
  return [...found.values()].reverse();
}
