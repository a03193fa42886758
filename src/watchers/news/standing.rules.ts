import { readDate } from '../../dates/read-date.ts';
import type { WatchedItem } from '../reading/watched-item.ts';
import { roleOf } from '../references.rules.ts';

/** Older items are no news: a feed that is read for the first time does not flood the desk. */
const NEWS_MS = 72 * 3600_000;

/** Whether an item speaks of what is so: exercises, tests, drafts and replies to messages do not (I-10). */
export function isReal({ cap, announces }: WatchedItem): boolean {
  if (cap) return cap.status === 'Actual' && roleOf(cap) !== 'REPLY';
  return !announces?.status || announces.status.toLowerCase() === 'actual';
}

/** Whether an item is not old, and not over. */
export function isCurrent({ at, cap, announces }: WatchedItem, now: Date): boolean {
  const isRecent = at === null || now.getTime() - at.getTime() <= NEWS_MS;
  const ends = cap ? cap.infos.map(({ expires }) => readDate(expires)) : (announces?.ends ?? []);
  return ends.length === 0 ? isRecent : ends.some((end) => (end ? end > now : isRecent));
}
