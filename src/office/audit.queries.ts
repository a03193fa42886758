import type { Sql } from '../database/sql.ts';
import { type ChainEnd, EMPTY_CHAIN, faultOf, type StampedEntry } from './audit.rules.ts';

export interface Verification {
  /** How many entries were found sound, counted from the first. */
  sound: number;
  /** The first broken row and its fault; null where the chain is whole. */
  fault: string | null;
}

const PAGE = 5_000;

interface Row extends Omit<StampedEntry, 'position' | 'hash'> {
  position: string | null;
  hash: string | null;
}

/**
 * Follows the chain from its first entry to its head. Reads in pages, so that its length does not matter; entries that
 * come in meanwhile are not looked at. Hashes are computed here and not in PostgreSQL, whose functions a hand that can
 * change rows could change too.
 */
export async function verifyAudit(
  sql: Sql,
  onProgress: (sound: number, total: number) => void = () => {},
): Promise<Verification> {
  const [stamped] = await sql<{ position: string; hash: string }>('select position, hash from audit_head where id = 1');
  if (!stamped) return { sound: 0, fault: 'the head of the chain is missing' };
  const head = { position: Number(stamped.position), hash: stamped.hash };
  const [stray] = await sql<{ id: string }>(
    'select id from audit_entry where position is null or hash is null limit 1',
  );
  if (stray) return { sound: 0, fault: `entry ${stray.id} has no place in the chain` };
  let end: ChainEnd = EMPTY_CHAIN;
  while (end.position < head.position) {
    const page = await pageAfter(sql, end.position, head.position);
    for (const entry of page) {
      const fault = faultOf(end, entry);
      if (fault) return { sound: end.position, fault };
      end = entry;
    }
    if (page.length === 0) return { sound: end.position, fault: `entry ${end.position + 1} is missing` };
    onProgress(end.position, head.position);
  }
  const fault = end.hash === head.hash ? null : `entry ${end.position} is not the one that the head of the chain names`;
  return { sound: fault ? end.position - 1 : end.position, fault };
}

async function pageAfter(sql: Sql, position: number, last: number): Promise<StampedEntry[]> {
  const rows = await sql<Row>(
    `select id, position, at, actor, action, subject, state_before as "stateBefore", state_after as "stateAfter", hash
     from audit_entry where position > $1 and position <= $2 order by position limit ${PAGE}`,
    [position, last],
  );
  return rows.map((row) => ({ ...row, position: Number(row.position), hash: row.hash ?? '' }));
}
