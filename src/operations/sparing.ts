/** Lines of one kind in a second. */
const MOST = 20;
const SECOND_MS = 1_000;

/** Lets so many lines of each kind through in a second, so that no flood of refusals fills a disk, and counts the others. */
export class Sparing {
  readonly #now: () => number;
  readonly #kinds = new Map<string, { since: number; said: number; unsaid: number }>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many lines of this kind were left out since the last one; undefined where this one is left out too. */
  admit(kind: string): number | undefined {
    const now = this.#now();
    let turn = this.#kinds.get(kind);
    if (!turn || now - turn.since >= SECOND_MS) {
      turn = { since: now, said: 0, unsaid: turn?.unsaid ?? 0 };
      this.#kinds.set(kind, turn);
    }
    if (turn.said >= MOST) {
      turn.unsaid += 1;
      return undefined;
    }
    turn.said += 1;
    const { unsaid } = turn;
    turn.unsaid = 0;
    return unsaid;
  }
}
