import type { Sql } from '../database/sql.ts';
import { type ReadHead, readSignedHead } from './audit-signature.rules.ts';

export interface Signatures {
  /** How many were found good, counted from the first. */
  count: number;
  /** The last good one. */
  last: ReadHead | null;
  /** The SHA-256 of each certificate that signed, in the order of their first signatures. */
  fingerprints: readonly string[];
  /** Of the first that is not good, in words; null where all are. */
  fault: string | null;
}

interface Row {
  position: string;
  jws: string;
  hash: string | null;
}

/** A year of hours. */
const PAGE = 8_760;

/**
 * Reads every signed head, and compares it with the entry that stands at its place. Together with `verifyAudit` that shows
 * whether the chain up to the last signature is the one that was signed.
 */
export async function verifySignatures(sql: Sql): Promise<Signatures> {
  const found = { count: 0, last: null as ReadHead | null, fingerprints: new Set<string>() };
  const answer = (fault: string | null): Signatures => ({ ...found, fingerprints: [...found.fingerprints], fault });
  for (let rows = await pageAfter(sql, 0); rows.length > 0; rows = await pageAfter(sql, Number(rows.at(-1)?.position)))
    for (const row of rows) {
      const head = await readSignedHead(row.jws).catch(() => undefined);
      if (!head) return answer(`the signature at entry ${row.position} is not good`);
      if (head.position !== Number(row.position))
        return answer(`the signature of entry ${head.position} stands at ${row.position}`);
      if (head.hash !== row.hash) return answer(`entry ${row.position} is not the one that was signed`);
      found.count += 1;
      found.last = head;
      found.fingerprints.add(head.fingerprint);
    }
  return answer(null);
}

const pageAfter = (sql: Sql, position: number): Promise<Row[]> =>
  sql<Row>(
    `select s.position, s.jws, e.hash from audit_signature s left join audit_entry e on e.position = s.position
     where s.position > $1 order by s.position limit ${PAGE}`,
    [position],
  );
