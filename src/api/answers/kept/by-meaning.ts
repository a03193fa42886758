import type { IncomingMessage } from 'node:http';
import type { CachedAnswer } from './cached-answer.ts';
import type { InProgress } from './in-progress.ts';
import type { ResponseCache } from './response-cache.ts';

/** Step 2: the answer to the same query in other bytes, or the one that is being worked out for another client just now. */
export async function keptByMeaning(
  cache: ResponseCache,
  inProgress: InProgress,
  request: IncomingMessage,
  key: string,
): Promise<CachedAnswer | undefined> {
  const kept = cache.find(key, request);
  if (kept) return kept;
  const end = inProgress.endOf(key);
  if (!end) return undefined;
  await end;
  // No client waits twice: an answer that changes all the time, or is for one client, is worked out for each.
  return cache.find(key, request);
}
