/** How long works that wait in line may hold the event loop before everything else has its turn, in milliseconds. */
const SLICE_MS = 4;

/**
 * Lets thousands of long works go on side by side, one step of each at a time, in the order in which they came; whatever
 * else there is to do (a change to tell, a mutation to answer) waits for a slice of time at most.
 */
export class Turns<T> {
  readonly #step: (one: T) => void;
  readonly #waiting = new Set<T>();
  #scheduled = false;

  /** `step` does a little of one work and, where more is left, puts it in line again. */
  constructor(step: (one: T) => void) {
    this.#step = step;
  }

  add(one: T): void {
    this.#waiting.add(one);
    this.#schedule();
  }

  delete(one: T): void {
    this.#waiting.delete(one);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#scheduled = false;
    const until = performance.now() + SLICE_MS;
    // Whoever comes into line again meanwhile is of the next round: what its reader says is heard before.
    let left = this.#waiting.size;
    for (const one of this.#waiting) {
      this.#waiting.delete(one);
      this.#step(one);
      left -= 1;
      if (left === 0 || performance.now() >= until) break;
    }
    if (this.#waiting.size > 0) this.#schedule();
  }
}
