import { HubError } from '../errors.ts';
import { decodeCursor, resyncRequired } from './cursor.rules.ts';
import { timeAfter } from './journal.queries.ts';
import type { Journal } from './journal.ts';

const DAY_MS = 24 * 3600_000;

export const RESTORED = 'the journal was restored since this cursor';

/** Throws RESYNC_REQUIRED if the journal was restored since a reader began to read it. */
export function checkEpoch<D>({ tail }: Journal<D>, epoch: string): void {
  if (tail.head.epoch !== epoch) throw resyncRequired(tail.head, RESTORED);
}

/**
 * The position behind which a reader goes on: that of its cursor, or the head if it has none. Throws RESYNC_REQUIRED, with
 * a fresh cursor, for a cursor that is not ours, of another epoch, of the future, or older than the retention window
 * (D-2). Throws UNAVAILABLE if the database alone could tell, and it is away.
 */
export async function startingPosition<D>(journal: Journal<D>, after: string | null | undefined): Promise<number> {
  const { tail } = journal;
  if (after === null || after === undefined) return tail.head.position;
  const cursor = decodeCursor(after);
  if (!cursor) throw resyncRequired(tail.head, 'this is not a cursor of this hub');
  // Another process may have given out a cursor that this one has not read yet.
  if (cursor.epoch !== tail.head.epoch || cursor.position > tail.head.position) {
    await tail.refresh();
    if (!tail.available)
      throw new HubError('UNAVAILABLE', 'the database cannot be reached, and it alone knows this cursor');
  }
  checkEpoch(journal, cursor.epoch);
  if (cursor.position > tail.head.position) throw resyncRequired(tail.head, 'this cursor lies in the future');
  if (!tail.inMemory(cursor.position, 1)) {
    const next = await timeAfter(journal.sql, cursor.position);
    const oldest = journal.clock.now().getTime() - journal.retentionDays * DAY_MS;
    if (next && next.getTime() < oldest) throw resyncRequired(tail.head, 'this cursor is older than what is kept');
    checkEpoch(journal, cursor.epoch);
  }
  return cursor.position;
}
