import { LONGEST_WAIT_MS, retryAfter } from '../dates/retry-after.ts';
import type { FeedFault } from './reading/feed-fault.ts';

const MOST_MINUTES = 60;
const MINUTE_MS = 60_000;

/**
 * When a server that failed so often before is asked again: less and less often, once an hour at least or as often as staff
 * wanted; later where it asks for that, up to a day.
 */
export function retryAt(
  { failures, everyMinutes }: { failures: number; everyMinutes: number },
  { retryAfter: asked }: Pick<FeedFault, 'retryAfter'>,
  now: Date,
): Date {
  const minutes = Math.max(everyMinutes, Math.min(everyMinutes * 2 ** Math.min(failures, 10), MOST_MINUTES));
  const wanted = Math.min(retryAfter(asked, now) ?? 0, LONGEST_WAIT_MS);
  return new Date(now.getTime() + Math.max(minutes * MINUTE_MS, wanted));
}
