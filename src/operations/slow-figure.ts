import { setTimeout as pause } from 'node:timers/promises';

/** A scraper waits no longer for what only PostgreSQL knows. */
const MOST_MS = 1_000;

/**
 * A figure that PostgreSQL is asked for. Its reader waits a second at most, then gets the value for an unknown figure;
 * the question under way is not asked again meanwhile, so that scrapes do not pile up in the pool.
 */
export class SlowFigure<T> {
  readonly #ask: () => Promise<T>;
  readonly #unknown: T;
  #asking: Promise<T> | undefined;

  constructor(ask: () => Promise<T>, unknown: T) {
    this.#ask = ask;
    this.#unknown = unknown;
  }

  async read(): Promise<T> {
    this.#asking ??= this.#once().finally(() => {
      this.#asking = undefined;
    });
    const late = new AbortController();
    const { signal } = late;
    const waited = pause(MOST_MS, this.#unknown, { signal }).catch(() => this.#unknown);
    return Promise.race([this.#asking, waited]).finally(() => late.abort());
  }

  async #once(): Promise<T> {
    try {
      return await this.#ask();
    } catch {
      return this.#unknown;
    }
  }
}
