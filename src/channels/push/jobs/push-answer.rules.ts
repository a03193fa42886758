import { retryAfter } from '../../../dates/retry-after.ts';

/**
 * How one attempt ended: `gone` is deleted, `bad` after three, `wait` and `down` are tried again, `ours` is a key or token of
 * the hub that the service does not take, `unsent` was no attempt, because the service closed its line before, `cut` was
 * broken off by the end of the hub, and `sealed` is of another secret than the hub's.
 */
export type PushAnswer =
  | { kind: 'sent' | 'gone' | 'bad' | 'ours' | 'down' | 'unsent' | 'cut' | 'sealed' }
  /** `ms`: for how long the service asks to be left alone; null where it does not say. */
  | { kind: 'wait'; ms: number | null };

/** The connection ended before the service looked at a request: it may be sent again at once. */
export class Unsent extends Error {
  override name = 'Unsent';
}

/** Reads a status of HTTP as push services use them (RFC 8030, and beyond it). A redirect is not followed: it is a failure. */
export function pushAnswerOf(status: number, asked: string | null, now: Date): PushAnswer {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status === 401 || status === 403) return { kind: 'ours' };
  if (status === 429) return { kind: 'wait', ms: retryAfter(asked, now) };
  if (status === 503 && asked !== null) return { kind: 'wait', ms: retryAfter(asked, now) };
  // 408 and 425 are of the connection, and say nothing of the subscription.
  if (status >= 500 || status === 408 || status === 425) return { kind: 'down' };
  return { kind: 'bad' };
}
