import type { Clock } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import { HubError } from '../errors.ts';
import { decodeCursor, encodeCursor, resyncRequired } from './cursor.rules.ts';
import type { Entry } from './entry.ts';
import { momentAfter } from './journal.queries.ts';
import type { Pages } from './pages.ts';
import type { Tail } from './tail.ts';

/**
 * One reader of the journal from a cursor on: first what it missed (from memory, else from the table), then what comes,
 * pulled at the reader's own pace over the shared log, so that nothing queues for a reader that stopped.
 * It never runs ahead of this process's tail: entries that the table already holds but the tail has not handed out
 * wait for their turn, and so everything in one process (board, followers, asOf) agrees on one position.
 */
const PAGE = 500;
const CHECKPOINT_MS = 30_000;
const DAY = 24 * 3600_000;

export interface Journal<D> {
  tail: Tail<D>;
  pages: Pages<D>;
  sql: Sql;
  clock: Clock;
  retentionDays: number;
}

/** One step of a follower: an entry, or (entry null) a checkpoint that only moves the cursor. */
export interface Step<D> {
  cursor: string;
  entry: Entry<D> | null;
}

/** RESYNC_REQUIRED once the journal is another one than when somebody began to read it. */
export function checkEpoch<D>({ tail }: Journal<D>, epoch: string): void {
  if (tail.head.epoch !== epoch) throw resyncRequired(tail.head, RESTORED);
}

export const RESTORED = 'the journal was restored since this cursor';

/**
 * The position to continue from; without a cursor, the head. Throws RESYNC_REQUIRED, with a fresh cursor, for a cursor that
 * is not ours, of another epoch, of the future, or older than the retention window (D-2). Throws UNAVAILABLE where only the
 * database could tell, and it is away.
 */
export async function startingPosition<D>(journal: Journal<D>, after: string | null | undefined): Promise<number> {
  const { tail } = journal;
  if (after === null || after === undefined) return tail.head.position;
  const cursor = decodeCursor(after);
  if (!cursor) throw resyncRequired(tail.head, 'this is not a cursor of this hub');
  // Another process may have announced what this one has not read yet.
  if (cursor.epoch !== tail.head.epoch || cursor.position > tail.head.position) {
    await tail.kick();
    if (!tail.available)
      throw new HubError('UNAVAILABLE', 'the database cannot be reached, and it alone knows this cursor');
  }
  checkEpoch(journal, cursor.epoch);
  if (cursor.position > tail.head.position) throw resyncRequired(tail.head, 'this cursor lies in the future');
  if (!tail.inMemory(cursor.position, 1)) {
    const next = await momentAfter(journal.sql, cursor.position);
    const oldest = journal.clock.now().getTime() - journal.retentionDays * DAY;
    if (next && next.getTime() < oldest) throw resyncRequired(tail.head, 'this cursor is older than what is kept');
    checkEpoch(journal, cursor.epoch);
  }
  return cursor.position;
}

/** Entries after a position that the tail has handed out, at most a page; empty only at the head. */
export async function pageAfter<D>(
  { tail, pages }: Journal<D>,
  position: number,
  limit = PAGE,
): Promise<readonly Entry<D>[]> {
  const inMemory = tail.inMemory(position, limit);
  if (inMemory) return inMemory;
  const page = await pages.after(position, tail.head);
  return page.length > limit ? page.slice(0, limit) : page;
}

/** Follows from `after` until `signal` aborts, yielding the entries that match, each once, in order. */
export async function* follow<D>(
  journal: Journal<D>,
  from: number,
  matches: (entry: Entry<D>) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Step<D>, void> {
  const { epoch } = journal.tail.head;
  const at = (position: number) => encodeCursor({ epoch, position });
  let position = from;
  let told = -1;
  while (!signal.aborted) {
    const page = await pageAfter(journal, position);
    checkEpoch(journal, epoch);
    for (const entry of page) {
      if (signal.aborted) return;
      position = entry.position;
      if (!matches(entry)) continue;
      told = position;
      yield { cursor: at(position), entry };
    }
    if (page.length > 0 && position < journal.tail.head.position) continue;
    // On joining, and whenever nothing matched for a while, the cursor alone moves on: a resume never scans far.
    if (told === -1) {
      told = position;
      yield { cursor: at(position), entry: null };
      continue;
    }
    const moved = await nextBatch(journal.tail, position, signal);
    if (!moved && !signal.aborted && told < position) {
      told = position;
      yield { cursor: at(position), entry: null };
    }
  }
}

/** Resolves true when the tail moves past a position, false after the checkpoint interval or on abort. */
function nextBatch<D>(tail: Tail<D>, position: number, signal: AbortSignal): Promise<boolean> {
  // A signal that was aborted already tells nobody again.
  if (signal.aborted) return Promise.resolve(false);
  if (tail.head.position > position) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = (moved: boolean) => {
      clearTimeout(timer);
      stop();
      signal.removeEventListener('abort', abort);
      resolve(moved);
    };
    const abort = () => done(false);
    const timer = setTimeout(done, CHECKPOINT_MS, false);
    const stop = tail.listen(() => done(true));
    signal.addEventListener('abort', abort, { once: true });
  });
}
