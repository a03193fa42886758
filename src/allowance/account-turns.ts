import { HubError } from '../errors.ts';

/** How many turns there are at a time, and the words in which one is refused. */
export interface TurnRules {
  /** The name of the bound, as clients are told it. */
  readonly name: string;
  /** Of all, and of one account. */
  readonly most: { readonly all: number; readonly own: number };
  readonly words: { readonly all: string; readonly own: string };
  readonly retrySeconds: number;
}

/** Lets each account do a few things at a time, and all together a few more. */
export class AccountTurns {
  readonly #rules: TurnRules;
  readonly #under = new Map<string, number>();
  #all = 0;

  constructor(rules: TurnRules) {
    this.#rules = rules;
  }

  /** Begins a turn; answers how to end it, which may be called again. Throws TOO_MANY_REQUESTS where it cannot begin. */
  take(account: string): () => void {
    const own = this.#under.get(account) ?? 0;
    if (own >= this.#rules.most.own) throw this.#refusal('own', own);
    if (this.#all >= this.#rules.most.all) throw this.#refusal('all', this.#all);
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

  #refusal(bound: 'all' | 'own', weight: number): HubError {
    const { name, most, words, retrySeconds } = this.#rules;
    return new HubError('TOO_MANY_REQUESTS', words[bound], {
      retryAfterSeconds: retrySeconds,
      limit: { name, weight: weight + 1, most: most[bound] },
    });
  }
}
