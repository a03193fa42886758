import { LRUCache } from 'lru-cache';

/** Most buckets that are not full at a time: of more the one that nobody took from for longest is forgotten, as if it were full. */
const MOST_KEPT = 50_000;
const SECOND = 1_000;

/**
 * Token buckets by key, filled by the second: all of them alike, but where a caller says another figure for one key. A bucket is
 * one number: the moment at which it is full again, if nothing more is taken. It may be overdrawn by what one request turns
 * out to have cost; nothing is given before that is paid back.
 */
export class Buckets {
  readonly #perSecond: number;
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #fullAt = new LRUCache<string, number>({ max: MOST_KEPT });

  constructor(perSecond: number, seconds: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#seconds = seconds;
    this.#now = now;
  }

  /** The points in a full bucket. */
  most(perSecond = this.#perSecond): number {
    return perSecond * this.#seconds;
  }

  /** The points that were taken and have not come back yet. */
  taken(key: string, perSecond = this.#perSecond): number {
    const fullAt = this.#fullAt.get(key);
    return fullAt === undefined ? 0 : (Math.max(0, fullAt - this.#now()) * perSecond) / SECOND;
  }

  /** For how many seconds nothing is given; 0 where something is left. */
  waitFor(key: string, perSecond = this.#perSecond): number {
    return Math.max(0, this.taken(key, perSecond) - this.most(perSecond)) / perSecond;
  }

  take(key: string, points: number, perSecond = this.#perSecond): void {
    const now = this.#now();
    const from = Math.max(now, this.#fullAt.get(key) ?? now);
    this.#fullAt.set(key, from + (points / perSecond) * SECOND);
  }
}
