import type { PublicReads } from '../../board/public-reads.ts';

/** Everything that a public answer depends on, beside the query. */
type Seen = Readonly<{
  boardVersion: number;
  head: object;
  stale: boolean;
  /** From when to when (milliseconds since 1970) time alone changes nothing. */
  from: number;
  until: number;
}>;

/**
 * Numbers the versions of what is public. An entry of the journal, a start or an end of something, a database that goes or
 * comes back begin the next version. Within one version the same public query has the same answer.
 */
export class PublicVersions {
  readonly #reads: PublicReads;
  #seen: Seen | undefined;
  #number = 0;

  constructor(reads: PublicReads) {
    this.#reads = reads;
  }

  /** The hub's clock, in milliseconds since 1970. */
  get now(): number {
    return this.#reads.board.now;
  }

  /** The number of the present version. It is compared anew at each call, so it cannot lag behind. */
  current(): number {
    const { board, journal } = this.#reads;
    const { head, stale } = journal.tail;
    const { version, now } = board;
    const seen = this.#seen;
    const isSame =
      seen !== undefined &&
      seen.boardVersion === version &&
      seen.head === head &&
      seen.stale === stale &&
      seen.from <= now &&
      now < seen.until;
    if (isSame) return this.#number;
    this.#seen = { boardVersion: version, head, stale, from: now, until: board.horizon() };
    this.#number += 1;
    return this.#number;
  }
}
