import { HubError } from '../../errors.ts';

/** Pictures that a process has in hand at a time, each of up to 20 MB in memory; and of one person. */
const MOST_AT_A_TIME = 8;
const MOST_OF_ONE = 3;
const RETRY_SECONDS = 5;

/** Lets people send a few pictures at a time, and all together a few more. */
export class UploadTurns {
  readonly #under = new Map<string, number>();
  #all = 0;

  /** Begins a turn; answers how to end it, which may be called again. Throws TOO_MANY_REQUESTS where it cannot begin. */
  take(account: string): () => void {
    const own = this.#under.get(account) ?? 0;
    if (own >= MOST_OF_ONE) throw refusal('pictures of yours are on their way already', own, MOST_OF_ONE);
    if (this.#all >= MOST_AT_A_TIME) throw refusal('other people send pictures', this.#all, MOST_AT_A_TIME);
    this.#count(account, 1);
    let isUnder = true;
    return () => {
      if (isUnder) this.#count(account, -1);
      isUnder = false;
    };
  }

  #count(account: string, more: 1 | -1): void {
    const own = (this.#under.get(account) ?? 0) + more;
    this.#all += more;
    if (own > 0) this.#under.set(account, own);
    else this.#under.delete(account);
  }
}

const refusal = (words: string, weight: number, most: number): HubError =>
  new HubError('TOO_MANY_REQUESTS', `${words}: try again soon`, {
    retryAfterSeconds: RETRY_SECONDS,
    limit: { name: 'uploads', weight: weight + 1, most },
  });
