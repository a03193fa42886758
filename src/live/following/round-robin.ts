/** How long jobs that wait in line may hold the event loop before everything else has its turn, in milliseconds. */
const SLICE_MS = 4;

/**
 * Lets thousands of long jobs go on side by side, one step of each at a time, in the order in which they came. Everything
 * else (a change to deliver, a mutation to answer) waits for a slice of time at most.
 */
export class RoundRobin<Job> {
  readonly #step: (job: Job) => void;
  readonly #waiting = new Set<Job>();
  #scheduled = false;

  /** `step` does a little of one job and, if more is left, adds the job again. */
  constructor(step: (job: Job) => void) {
    this.#step = step;
  }

  add(job: Job): void {
    this.#waiting.add(job);
    this.#schedule();
  }

  delete(job: Job): void {
    this.#waiting.delete(job);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#scheduled = false;
    const until = performance.now() + SLICE_MS;
    // A job that is added again meanwhile belongs to the next round: its client is heard before.
    let left = this.#waiting.size;
    for (const job of this.#waiting) {
      this.#waiting.delete(job);
      this.#step(job);
      left -= 1;
      if (left === 0 || performance.now() >= until) break;
    }
    if (this.#waiting.size > 0) this.#schedule();
  }
}
