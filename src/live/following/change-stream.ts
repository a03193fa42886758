import type { ChangeMatch } from '../../board/filter/change-filter.rules.ts';

/** Where and what a subscription to changes follows, once it was opened and checked. The edges give it to `Followers`. */
export class ChangeStream implements AsyncIterable<never> {
  constructor(
    readonly match: ChangeMatch,
    /** The position behind which it begins. */
    readonly from: number,
    /** The epoch in which that position is counted. */
    readonly epoch: string,
  ) {}

  /** graphql-js takes nothing for a subscription that is not iterable; nobody iterates this one. */
  [Symbol.asyncIterator](): never {
    throw new Error('changes are written to their followers, and not iterated');
  }
}
