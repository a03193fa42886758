import { randomUUID } from 'node:crypto';
import type { KeyedOperation } from '../api/idempotency.ts';
import { stampedHead } from '../journal/append.commands.ts';
import { encodeCursor } from '../journal/cursor.rules.ts';
import type { Tail } from '../journal/tail.ts';
import type { Office } from '../office/office.ts';
import type { Effect } from '../office/unit-of-work.ts';

/** Stands in an answer until its transaction knows the cursor. Random per process, so no text of a client contains it. */
const PENDING = `cursor ${randomUUID()}`;

/** The `asOf` of what mutations answer. */
export interface WriteCursors {
  /** The cursor of the journal once the mutation that was just done is committed. */
  cursorAfterWrite(): string;
  /** Does an operation under a key, which commits as a whole: its answer gets the cursor as the last thing before that. */
  withCursor(operation: KeyedOperation): KeyedOperation;
}

/** `showChanges` is the effect of every command that appends to the journal: it brings `tail` to the entry. */
export function writeCursors(
  office: Pick<Office, 'awaits' | 'read'>,
  tail: Pick<Tail<unknown>, 'head'>,
  showChanges: Effect,
): WriteCursors {
  return {
    cursorAfterWrite: () => (office.awaits(showChanges) ? PENDING : encodeCursor(tail.head)),
    withCursor: (operation) => async () => {
      const done = await operation();
      if (!done.answer.includes(PENDING)) return done;
      const cursor = encodeCursor(await stampedHead(office.read()));
      return { ...done, answer: done.answer.replaceAll(PENDING, cursor) };
    },
  };
}
