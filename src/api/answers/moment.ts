import type { PublicReads } from '../../board/public-reads.ts';

/** What every public answer depends on, beside what was asked. */
type Known = Readonly<{
  version: number;
  head: object;
  available: boolean;
  /** From when to when (milliseconds since 1970) time alone changes nothing. */
  from: number;
  until: number;
}>;

/**
 * Counts the moments of the hub: an entry of the journal, something that starts or ends, a database that goes or comes
 * back begin the next one. Within one moment the same public question has the same answer.
 */
export class Moments {
  readonly #reads: PublicReads;
  #known: Known | undefined;
  #number = 0;

  constructor(reads: PublicReads) {
    this.#reads = reads;
  }

  /** A number for the present moment: another one, another moment. Looked up anew each time, it cannot lag behind. */
  get present(): number {
    const { board, journal } = this.#reads;
    const { head, available } = journal.tail;
    const { version, now } = board;
    const known = this.#known;
    const isSame =
      known !== undefined &&
      known.version === version &&
      known.head === head &&
      known.available === available &&
      known.from <= now &&
      now < known.until;
    if (isSame) return this.#number;
    this.#known = { version, head, available, from: now, until: board.horizon() };
    this.#number += 1;
    return this.#number;
  }
}
