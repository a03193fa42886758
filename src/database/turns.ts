import { HubError } from '../errors.ts';

interface Waiting {
  begin(): void;
  readonly expiry: NodeJS.Timeout;
}

/** How long somebody waits for a turn: as long as for a connection of the pool. */
const PATIENCE_MS = 5_000;
/** More do not even wait. */
const MOST_WAITING = 2_000;

/** Lets so many read at a time, in the order in which they come: the other connections of the pool are somebody else's. */
export class Turns {
  readonly #most: number;
  readonly #patienceMs: number;
  readonly #queue = new Set<Waiting>();
  #under = 0;

  constructor(most: number, patienceMs = PATIENCE_MS) {
    this.#most = most;
    this.#patienceMs = patienceMs;
  }

  /** Does some work in its turn. Throws UNAVAILABLE where the turn does not come in time. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#under >= this.#most) await this.#wait();
    else this.#under += 1;
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  #wait(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const refuse = () =>
      reject(new HubError('UNAVAILABLE', 'too many read what is past at once: try again in a moment'));
    if (this.#queue.size >= MOST_WAITING) {
      refuse();
      return promise;
    }
    const waiting: Waiting = {
      begin: resolve,
      expiry: setTimeout(() => {
        this.#queue.delete(waiting);
        refuse();
      }, this.#patienceMs),
    };
    this.#queue.add(waiting);
    return promise;
  }

  /** Gives a turn that is over to the next. */
  #pass(): void {
    const [next] = this.#queue;
    if (!next) {
      this.#under -= 1;
      return;
    }
    this.#queue.delete(next);
    clearTimeout(next.expiry);
    next.begin();
  }
}
