import { createHash } from 'node:crypto';

/** An audit entry as it stands in the table. */
export interface StampedEntry {
  id: string;
  position: number;
  at: Date;
  actor: string | null;
  action: string;
  subject: string | null;
  stateBefore: string | null;
  stateAfter: string | null;
  hash: string;
}

/** The end of a chain: nothing yet, or the last entry. */
export interface ChainEnd {
  position: number;
  hash: string;
}

export const EMPTY_CHAIN: ChainEnd = { position: 0, hash: '' };

/** SHA-256, in hexadecimal, of the hash before and all that an entry says: what PostgreSQL stamps (see the migration). */
export function chainedHash(before: string, entry: Omit<StampedEntry, 'hash'>): string {
  const { position, id, at, actor, action, subject, stateBefore, stateAfter } = entry;
  const fields = [before, position, id, at.getTime(), actor, action, subject, stateBefore, stateAfter];
  return createHash('sha256')
    .update(fields.map((field) => field ?? '').join('\n'))
    .digest('hex');
}

/** The fault of an entry that follows on `end`, in words; null for a sound one. */
export function faultOf(end: ChainEnd, entry: StampedEntry): string | null {
  const expected = end.position + 1;
  if (entry.position !== expected)
    return `entry ${expected} is missing: entry ${entry.position} (${entry.id}) follows on ${end.position}`;
  if (entry.hash !== chainedHash(end.hash, entry))
    return `entry ${entry.position} (${entry.id}, ${entry.action}) is not what was written`;
  return null;
}
