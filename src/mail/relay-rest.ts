/** The first rest of a relay that takes nothing, and the longest, in milliseconds. */
const [FIRST_MS, LONGEST_MS] = [5_000, 300_000];

/**
 * Leaves a relay alone for a while that takes nothing from anybody, so that a thousand letters do not each wait for it in vain. Then one
 * letter tries; the rest doubles while it fails. Each process has its own.
 */
export class RelayRest {
  readonly #now: () => number;
  #restMs = 0;
  #until = 0;

  /** `now` gives milliseconds that nobody sets. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many letters may be sent now, of so many. */
  roomOf(most: number): number {
    if (this.#restMs === 0) return most;
    return this.#now() < this.#until ? 0 : Math.min(1, most);
  }

  get isResting(): boolean {
    return this.#restMs > 0;
  }

  /** Answers the rest that begins, in milliseconds. Letters that were under way together begin one. */
  failed(): number {
    if (this.#now() >= this.#until) {
      this.#restMs = this.#restMs === 0 ? FIRST_MS : Math.min(this.#restMs * 2, LONGEST_MS);
      this.#until = this.#now() + this.#restMs;
    }
    return this.#restMs;
  }

  /** The relay took a letter, or spoke of that letter alone. */
  answered(): void {
    this.#restMs = 0;
    this.#until = 0;
  }
}
