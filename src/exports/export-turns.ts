import { HubError } from '../errors.ts';

/** Files that a process sends at a time: each may hold a connection to PostgreSQL for as long as its client reads. */
const MOST_AT_A_TIME = 2;
const RETRY_SECONDS = 15;

/** Lets a person take one file at a time, and all together a few. */
export class ExportTurns {
  readonly #under = new Set<string>();

  /** Begins a turn; answers how to end it, which may be called again. Throws TOO_MANY_REQUESTS where it cannot begin. */
  take(account: string): () => void {
    const own = this.#under.has(account);
    if (own || this.#under.size >= MOST_AT_A_TIME)
      throw new HubError(
        'TOO_MANY_REQUESTS',
        own ? 'a file is on its way to you already: wait for its end' : 'other people take files away: try again soon',
        {
          retryAfterSeconds: RETRY_SECONDS,
          limit: { name: 'exports', weight: own ? 2 : MOST_AT_A_TIME + 1, most: own ? 1 : MOST_AT_A_TIME },
        },
      );
    this.#under.add(account);
    return () => void this.#under.delete(account);
  }
}
