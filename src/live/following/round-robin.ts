export interface Pace {
  /** How long the jobs in line may hold the event loop before everything else has its turn, in milliseconds. */
  sliceMs: number;
  /** How many times as long as it held the loop the line rests then: one step may take longer than a slice. */
  restTimes: number;
}

const AT_ONCE: Pace = { sliceMs: 4, restTimes: 0 };

/**
 * Lets thousands of long jobs go on side by side, one step of each at a time, in the order in which they came. Everything
 * else (a change to deliver, a mutation to answer) waits for a slice of time at most.
 */
export class RoundRobin<Job> {
  readonly #step: (job: Job) => void;
  readonly #pace: Pace;
  readonly #waiting = new Set<Job>();
  #scheduled = false;
  #restsUntil = 0;

  /** `step` does a little of one job and, if more is left, adds the job again. */
  constructor(step: (job: Job) => void, pace: Pace = AT_ONCE) {
    this.#step = step;
    this.#pace = pace;
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
    const restMs = this.#restsUntil - performance.now();
    if (restMs > 0) setTimeout(() => this.#run(), restMs).unref();
    else setImmediate(() => this.#run());
  }

  #run(): void {
    const began = performance.now();
    const until = began + this.#pace.sliceMs;
    // A job that is added again meanwhile belongs to the next round: its client is heard before.
    let left = this.#waiting.size;
    try {
      for (const job of this.#waiting) {
        this.#waiting.delete(job);
        this.#step(job);
        left -= 1;
        if (left === 0 || performance.now() >= until) break;
      }
    } finally {
      // Only now: a job that was added meanwhile cuts no rest short, and neither does one that comes during it.
      const ended = performance.now();
      this.#restsUntil = ended + (ended - began) * this.#pace.restTimes;
      this.#scheduled = false;
      if (this.#waiting.size > 0) this.#schedule();
    }
  }
}
