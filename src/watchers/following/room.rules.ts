import { isCurrent } from '../news/standing.rules.ts';
import { capItem } from '../reading/watched-item.ts';
import { roleOf } from '../references.rules.ts';
import type { Followed } from './kept-messages.commands.ts';

/** Whether a message takes room though it is no news any more: it is over or old, and bears on no other. */
export const isOver = ({ cap, bytes }: Followed, now: Date): boolean => {
  if (!cap || bytes === 0 || roleOf(cap) !== 'ALERT' || cap.references !== null) return false;
  return !isCurrent(capItem(cap), now);
};

/** A message without its words and places: enough to know that it was read, and that it is over. */
export const withoutWords = (one: Followed): Followed => ({
  ...one,
  bytes: 0,
  cap: one.cap && {
    ...one.cap,
    infos: one.cap.infos.map((info) => ({ ...info, headline: null, description: null, instruction: null, areas: [] })),
  },
});

/** Bytes of messages that one transaction writes: it holds the lease of the hub that keeps time, so it must be short. */
const MOST_AT_ONCE = 1_000_000;

/** The rows in batches of some messages or many short ones. */
export function batchesOf(rows: readonly Followed[]): Followed[][] {
  const batches: Followed[][] = [];
  let room = 0;
  for (const row of rows) {
    const batch = batches.at(-1);
    if (batch && row.bytes <= room) batch.push(row);
    else batches.push([row]);
    room = (batch && row.bytes <= room ? room : MOST_AT_ONCE) - row.bytes;
  }
  return batches;
}
