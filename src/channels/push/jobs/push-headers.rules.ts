import { gravity } from '../../../publications/vocabulary.ts';
import { hmac } from '../envelope/hmac.rules.ts';

const [SHORTEST_S, LONGEST_S] = [60, 24 * 3600];
const TOPIC_LENGTH = 30;

/** For how long a push service keeps a push for a device that is off, in seconds (`TTL` of RFC 8030). */
export const ttlOf = (expiresAt: Date, now: Date): number =>
  Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.floor((expiresAt.getTime() - now.getTime()) / 1000)));

/** Whether a device that saves power is woken at once: for grave alerts, and for their end. */
export const urgencyOf = (gravityOfDanger: number | undefined): 'high' | 'normal' =>
  (gravityOfDanger ?? 0) >= gravity('SEVERE') ? 'high' : 'normal';

/**
 * The `Topic` by which a service replaces an earlier push of the same thread that still waits for its device. It is of one
 * reader alone: the service does not see who is told the same.
 */
export const topicOf = (auth: Buffer, thread: string): string =>
  hmac(auth, Buffer.from(thread)).toString('base64url').slice(0, TOPIC_LENGTH);
