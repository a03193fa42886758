/** How long a job waits at least: its client's bucket is filled a little meanwhile. */
const WAIT_MS = 1_000;
/** However many wait, no more of them go on in a millisecond. */
const MOST_A_MS = 2;

/**
 * Work that waits because the client that it is done for has nothing left to pay with. Each job goes on after a while, to be
 * looked at again: clients that share a bucket may have emptied it meanwhile. Nothing is kept for a job but its place here.
 */
export class UnpaidJobs<Job> {
  readonly #goOn: (job: Job) => void;
  readonly #timers = new Map<Job, NodeJS.Timeout>();

  constructor(goOn: (job: Job) => void) {
    this.#goOn = goOn;
  }

  /** Lets a job wait that does not wait here yet. */
  add(job: Job): void {
    const goOn = () => {
      this.#timers.delete(job);
      this.#goOn(job);
    };
    this.#timers.set(job, setTimeout(goOn, Math.max(WAIT_MS, this.#timers.size / MOST_A_MS)).unref());
  }

  delete(job: Job): void {
    clearTimeout(this.#timers.get(job));
    this.#timers.delete(job);
  }

  close(): void {
    for (const job of [...this.#timers.keys()]) this.delete(job);
  }
}
