import type { Sql } from '../../database/sql.ts';

/** A CAP message as it left: its bytes, and the values that identify them. */
export interface KeptMessage {
  readonly identifier: string;
  readonly bytes: Buffer;
  /** In hexadecimal. */
  readonly sha256: string;
  /** In milliseconds since 1970. */
  readonly sealedAt: number;
}

interface SealRow {
  identifier: string;
  bytes: Buffer;
  sha256: string;
  sealed_at: Date;
}

const COLUMNS = 's.identifier, s.bytes, s.sha256, s.sealed_at';
const toMessage = ({ sealed_at, ...row }: SealRow): KeptMessage => ({ ...row, sealedAt: sealed_at.getTime() });

/** The messages with these identifiers, in no order; those that do not exist are left out. */
export async function messagesByIdentifier(sql: Sql, identifiers: readonly string[]): Promise<KeptMessage[]> {
  if (identifiers.length === 0) return [];
  const rows = await sql<SealRow>(`select ${COLUMNS} from cap_seal s where s.identifier = any($1::text[])`, [
    identifiers,
  ]);
  return rows.map(toMessage);
}

/** The newest message of a thread, or undefined. */
export async function latestMessage(sql: Sql, thread: string): Promise<KeptMessage | undefined> {
  const [row] = await sql<SealRow>(
    `select ${COLUMNS} from cap_seal s join cap_message m using (identifier)
     where s.thread = $1::uuid order by m.sent desc limit 1`,
    [thread],
  );
  return row && toMessage(row);
}
