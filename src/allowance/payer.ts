import type { HubError } from '../errors.ts';
import type { Bound } from './bounds.ts';
import type { Buckets } from './buckets.ts';

/** One bucket that a client spends from. */
export interface Purse {
  readonly bound: Bound;
  readonly buckets: Buckets;
  readonly key: string;
  /** By how much this one bucket is filled, where that is not what all of them are filled by. */
  readonly perSecond?: number;
}

/** Makes the error of a client whose bucket is empty for so many seconds. */
export type Refusal = (bound: Bound, counted: { weight: number; most: number }, seconds: number) => HubError;

/** One client, and the buckets that it spends from: all of them alike. */
export class Payer {
  readonly #purses: readonly Purse[];
  readonly #refusal: Refusal;

  constructor(purses: readonly Purse[], refusal: Refusal) {
    this.#purses = purses;
    this.#refusal = refusal;
  }

  /** Takes points for what is about to be done. Throws TOO_MANY_REQUESTS, and takes nothing, while a bucket is empty. */
  admit(points: number): void {
    for (const { bound, buckets, key, perSecond } of this.#purses) {
      const seconds = buckets.waitFor(key, perSecond);
      if (seconds > 0)
        throw this.#refusal(bound, { weight: buckets.taken(key, perSecond), most: buckets.most(perSecond) }, seconds);
    }
    this.spend(points);
  }

  /** Whether it has nothing left: a bucket is empty. */
  get isSpent(): boolean {
    return this.#purses.some(({ buckets, key, perSecond }) => buckets.waitFor(key, perSecond) > 0);
  }

  /** Takes points for what was done, which nobody could know before. */
  spend(points: number): void {
    for (const { buckets, key, perSecond } of this.#purses) buckets.take(key, points, perSecond);
  }
}
