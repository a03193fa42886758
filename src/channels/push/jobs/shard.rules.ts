import type { PushAnswer } from './push-answer.rules.ts';

/** Where a job stands whose subscriptions were all walked: some may have to be tried once more. */
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Subscriptions of one shard: what a hub that dies leaves to be sent twice. */
export const SHARD = 500;

/** How one push of a shard ended; undefined: it was not tried. Those stand behind all others. */
export interface Tried {
  id: string;
  /** How often the service had refused it before. */
  failed: number;
  answer: PushAnswer | undefined;
}

/** How a shard ended, and what is next. */
export interface ShardEnd {
  sent: string[];
  gone: string[];
  bad: string[];
  /** Those whose row still tells of a refusal. */
  healed: string[];
  isDone: boolean;
  afterId: string | null;
  again: string[];
  attempts: number;
  /** How long the job waits before its next shard. */
  waitMs: number;
  /** How long its service is left alone, for all hubs, and by how much that counts as failing; undefined where it works. */
  rest: { ms: number; failures: number } | undefined;
  /** Whether the service did its work for one at least. */
  isAnswered: boolean;
  /** Whether the service takes no token or key of this hub: nobody but its operator can mend that. */
  isRefused: boolean;
}

/** The job before a shard, and how far the shard reached. */
export interface Walked {
  afterId: string | null;
  again: readonly string[];
  attempts: number;
  /** The service's failures. */
  failures: number;
  /** The last subscription that was read, whether it is pushed to or not; null where none was. */
  reached: string | null;
  /** Whether none is left to be walked behind it. */
  isLast: boolean;
}

/** How often in a row those that failed are tried once more, when all others were reached. */
const MOST_ATTEMPTS = 12;
/** Those that are tried once more at most: of more something else is wrong. */
const MOST_AGAIN = 2_000;
const [SECOND_MS, MINUTE_MS] = [1_000, 60_000];
/** The waits after the first, second … failure of a service, or of an endpoint. */
const RESTS_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 5 * MINUTE_MS] as const;
const LONGEST_REST_MS = 5 * MINUTE_MS;
/** A service that asks for more than that has its jobs run out meanwhile. */
const LONGEST_ASKED_MS = 3600_000;
/** So many endpoints that fail, and none that works, are their service's fault. */
const MOST_ALONE = 2;

const restAfter = (failures: number): number => RESTS_MS[failures] ?? LONGEST_REST_MS;

/**
 * Judges a shard as a whole. A service is left alone where it asks for it, and where it took nothing and several attempts did
 * not come through; what one endpoint answers says nothing of its service, since services bound single devices as well.
 */
export function shardEnd(tried: readonly Tried[], walked: Walked): ShardEnd {
  const of = (...kinds: PushAnswer['kind'][]) =>
    tried.filter(({ answer }) => answer && kinds.includes(answer.kind)).map(({ id }) => id);
  const isWalking = walked.afterId !== LAST_ID;
  const isSilent = of('sent').length === 0;
  // Of a service that failed before, one goes ahead alone. Those that are left at the end of a job may be odd ones.
  const few = isWalking && walked.failures > 0 ? 0 : MOST_ALONE;
  const isRefused = isSilent && of('ours').length > few;
  const isDown = isSilent && of('down', 'unsent').length > few;
  const isAsked = of('wait').length > (isWalking && isSilent ? 0 : MOST_ALONE);
  const rest = restOf({ isDown, isRefused, failures: walked.failures, askedMs: isAsked ? askedMs(tried) : undefined });
  const next = isWalking ? afterWalk(tried, walked) : afterRetry(tried, walked, rest !== undefined);
  return {
    sent: of('sent'),
    gone: of('gone'),
    bad: of('bad'),
    healed: tried.filter(({ answer, failed }) => answer?.kind === 'sent' && failed > 0).map(({ id }) => id),
    ...next,
    isDone: next.afterId === LAST_ID && next.again.length === 0,
    rest,
    isAnswered: of('sent', 'gone', 'bad').length > 0,
    isRefused,
  };
}

/** The longest rest that is asked for. */
const askedMs = (tried: readonly Tried[]): number =>
  Math.max(0, ...tried.map(({ answer }) => (answer?.kind === 'wait' ? (answer.ms ?? RESTS_MS[0]) : 0)));

type Next = Pick<ShardEnd, 'afterId' | 'again' | 'attempts' | 'waitMs'>;

const FAILED: ReadonlySet<string | undefined> = new Set(['wait', 'down', 'ours', 'unsent', 'cut']);

/** Goes on behind what was tried; those that failed wait until all were walked. */
function afterWalk(tried: readonly Tried[], { afterId, again, attempts, reached, isLast }: Walked): Next {
  const untried = tried.findIndex(({ answer }) => answer === undefined);
  const failed = tried.filter(({ answer }) => FAILED.has(answer?.kind)).map(({ id }) => id);
  const end = isLast ? LAST_ID : (reached ?? afterId);
  return {
    afterId: untried < 0 ? end : (tried[untried - 1]?.id ?? afterId),
    again: [...again, ...failed].slice(0, MOST_AGAIN),
    attempts,
    waitMs: 0,
  };
}

/**
 * Tries those that failed once more, later each time, until it is given up. A service that is left alone counts for no
 * attempt.
 */
function afterRetry(tried: readonly Tried[], { again, attempts }: Walked, isResting: boolean): Next {
  // Those that were not read are gone, or want something else now.
  const left = tried.filter(({ answer }) => answer === undefined || FAILED.has(answer.kind)).map(({ id }) => id);
  const made = isResting || left.length === 0 ? attempts : attempts + 1;
  const kept = made > MOST_ATTEMPTS ? [] : [...again.slice(SHARD), ...left];
  const waitMs = made > attempts ? Math.max(restAfter(attempts), Math.min(askedMs(tried), LONGEST_ASKED_MS)) : 0;
  return { afterId: LAST_ID, again: kept, attempts: made, waitMs };
}

interface Judged {
  isDown: boolean;
  isRefused: boolean;
  failures: number;
  askedMs: number | undefined;
}

function restOf({ isDown, isRefused, failures, askedMs: asked }: Judged): ShardEnd['rest'] {
  if (asked !== undefined) return { ms: Math.min(Math.max(asked, SECOND_MS), LONGEST_ASKED_MS), failures: 0 };
  if (isRefused) return { ms: LONGEST_REST_MS, failures: 1 };
  return isDown ? { ms: restAfter(failures), failures: 1 } : undefined;
}
