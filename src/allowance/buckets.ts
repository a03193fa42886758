import { LRUCache } from 'lru-cache';

/** Most buckets that are not full at a time: of more the one that nobody took from for longest is forgotten, as if it were full. */
const MOST_KEPT = 50_000;
const SECOND = 1_000;

/**
 * Token buckets by key, filled by the second. A bucket is one number: the moment at which it is full again, if nothing more is taken.
 * It may be overdrawn by what one request turns out to have cost; nothing is given before that is paid back.
 */
export class Buckets {
  readonly perSecond: number;
  /** The points in a full bucket. */
  readonly most: number;
  readonly #now: () => number;
  readonly #fullAt = new LRUCache<string, number>({ max: MOST_KEPT });

  constructor(perSecond: number, seconds: number, now: () => number) {
    this.perSecond = perSecond;
    this.most = perSecond * seconds;
    this.#now = now;
  }

  /** The points that were taken and have not come back yet. */
  taken(key: string): number {
    const fullAt = this.#fullAt.get(key);
    return fullAt === undefined ? 0 : (Math.max(0, fullAt - this.#now()) * this.perSecond) / SECOND;
  }

  /** For how many seconds nothing is given; 0 where something is left. */
  waitFor(key: string): number {
    return Math.max(0, this.taken(key) - this.most) / this.perSecond;
  }

  take(key: string, points: number): void {
    const now = this.#now();
    const from = Math.max(now, this.#fullAt.get(key) ?? now);
    this.#fullAt.set(key, from + (points / this.perSecond) * SECOND);
  }
}
