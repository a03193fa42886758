import type { Entry } from './entry.ts';
import { weightOf } from './weight.rules.ts';

/** How much of the journal stays in memory, whichever is reached first. */
export interface RecentLimits {
  entries: number;
  bytes: number;
}

/**
 * The newest entries in memory, by position: a window that slides. Bounded by a number of entries and by their weight; the
 * oldest leave first. Positions inside are dense, which `push` checks.
 */
export class RecentEntries<D> {
  /** Undefined before `#start`: those entries have left. */
  #entries: (Entry<D> | undefined)[] = [];
  #weights: number[] = [];
  #start = 0;
  #bytes = 0;
  readonly #limits: RecentLimits;

  constructor(limits: RecentLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(entry: Entry<D>): void {
    const last = this.#entries.at(-1);
    if (last && entry.position !== last.position + 1)
      throw new Error(`the journal has a hole between ${last.position} and ${entry.position}`);
    const weight = weightOf(entry);
    this.#entries.push(entry);
    this.#weights.push(weight);
    this.#bytes += weight;
    const { entries, bytes } = this.#limits;
    while (this.#entries.length - this.#start > entries || this.#bytes > bytes) this.#dropOldest();
  }

  /** Up to `limit` entries after a position, or undefined if the window does not reach back that far. */
  after(position: number, limit: number): Entry<D>[] | undefined {
    const first = this.#entries[this.#start];
    if (!first || position + 1 < first.position) return undefined;
    const start = this.#start + position + 1 - first.position;
    return this.#entries.slice(start, start + limit) as Entry<D>[];
  }

  clear(): void {
    this.#entries = [];
    this.#weights = [];
    this.#start = 0;
    this.#bytes = 0;
  }

  #dropOldest(): void {
    this.#bytes -= this.#weights[this.#start] ?? 0;
    // An entry is released at once; its place in the array in slabs, so that the cost of a push stays constant.
    this.#entries[this.#start] = undefined;
    this.#start += 1;
    if (this.#start < 1_000 && this.#start < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#weights = this.#weights.slice(this.#start);
    this.#start = 0;
  }
}
