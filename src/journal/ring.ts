import type { Entry } from './entry.ts';

/**
 * The last entries in memory, by position: a window that slides. Bounded by a number of entries; the oldest leave
 * first. Positions inside are dense, which `push` checks.
 */
export class Ring<D> {
  #entries: Entry<D>[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(entry: Entry<D>): void {
    const last = this.#entries.at(-1);
    if (last && entry.position !== last.position + 1)
      throw new Error(`the journal has a hole between ${last.position} and ${entry.position}`);
    this.#entries.push(entry);
    // Dropping in slabs keeps the cost of a push constant.
    if (this.#entries.length > this.#limit * 1.25) this.#entries = this.#entries.slice(-this.#limit);
  }

  /** Up to `limit` entries after a position, or undefined where the ring does not reach back that far. */
  after(position: number, limit: number): Entry<D>[] | undefined {
    const first = this.#entries[0];
    if (!first) return undefined;
    const start = position + 1 - first.position;
    return start < 0 ? undefined : this.#entries.slice(start, start + limit);
  }

  clear(): void {
    this.#entries = [];
  }
}
