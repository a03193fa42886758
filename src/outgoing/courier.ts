/** How an attempt ended: `retry` waits for its next turn, `failed` was given up. */
export type Outcome = 'delivered' | 'retry' | 'failed';

/** Tells a trace how an attempt was answered, and what became of its message. */
export type Answered<Answer> = (answer: Answer, outcome: Outcome) => void;

/**
 * A way by which messages leave the hub: it makes them, leases them, sends each once, and records what came of it. Its rows are
 * its own, and hubs share the work by them alone.
 */
export interface Carrier<Message, Answer> {
  /** How many of its messages are under way at most. */
  readonly atOnce: number;
  /** Whether anybody gets messages by it: without one there is nothing to enqueue and nothing to send. */
  isWanted(): Promise<boolean>;
  /** Makes the next messages that are to be sent, for one receiver, in one transaction. Answers whether there was one to work on. */
  enqueueNext(): Promise<boolean>;
  /** Leases messages that are due, at most so many. */
  lease(most: number): Promise<Message[]>;
  /** Makes one attempt. Throws only where `signal` broke it off. */
  send(message: Message, signal: AbortSignal): Promise<Answer>;
  /** Records the result of an attempt, and when the next is due. */
  record(message: Message, answer: Answer): Promise<Outcome>;
  /** Returns the lease of a message as if it had never been taken: the hub ends before there was an answer. */
  returnLease(message: Message): Promise<void>;
  /** Makes the whole attempt, its record included, within a span of its own where somebody collects them. */
  traced(message: Message, attempt: (answered: Answered<Answer>) => Promise<void>): Promise<void>;
}

export interface CourierOptions<Message, Answer> {
  carrier: Carrier<Message, Answer>;
  onError(error: unknown): void;
}

/**
 * For so many milliseconds the courier does not look again for somebody to serve: most hubs have nobody, and changes come
 * in bursts.
 */
const NONE_FOR_MS = 1_000;
/** The time that attempts under way still get when the hub ends. */
const GRACE_MS = 2_000;

/**
 * Makes the messages of one carrier and sends those that are due. Every hub has one courier for each carrier, so that slow
 * receivers of one never take the room of another, and couriers share the work by the rows alone. `wake` begins a round:
 * entries become messages, and the courier leases messages that are due, as many as it has room for. An attempt that ends
 * begins the next round.
 */
export class Courier<Message = unknown, Answer = unknown> {
  readonly #carrier: Carrier<Message, Answer>;
  readonly #onError: (error: unknown) => void;
  readonly #attempts = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #counts: Record<Outcome, number> = { delivered: 0, retry: 0, failed: 0 };
  #round: Promise<void> | undefined;
  #again = false;
  #behind = false;
  #noneUntil = 0;
  #closed = false;

  constructor({ carrier, onError }: CourierOptions<Message, Answer>) {
    this.#carrier = carrier;
    this.#onError = onError;
  }

  /** How attempts of this process ended, since it started. */
  get counts(): Readonly<Record<Outcome, number>> {
    return this.#counts;
  }

  /**
   * Begins a round, or has another one follow the round under way, because there may be something new. Returns at once. The
   * hub calls it every second or so, whatever happens: it is passed over for that long where there was nobody to serve.
   */
  wake(): void {
    this.#behind = true;
    if (performance.now() < this.#noneUntil) return;
    this.#startRound();
  }

  /** Leases nothing more; waits a moment for attempts under way, then breaks them off and returns their leases. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#again = false;
    await this.#round;
    const late = setTimeout(() => this.#stop.abort(), GRACE_MS);
    await Promise.all(this.#attempts);
    clearTimeout(late);
  }

  #startRound(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = undefined;
      if (this.#again) this.#startRound();
    });
  }

  async #rounds(): Promise<void> {
    const carrier = this.#carrier;
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        if (!(await carrier.isWanted())) {
          this.#noneUntil = performance.now() + NONE_FOR_MS;
          return;
        }
        if (this.#behind) {
          this.#behind = false;
          while (!this.#closed && (await carrier.enqueueNext()));
        }
        const room = carrier.atOnce - this.#attempts.size;
        const leased = room > 0 && !this.#closed ? await carrier.lease(room) : [];
        for (const message of leased) this.#begin(message);
      } catch (error) {
        // The next round tries again: the rows stay, so nothing is lost.
        this.#onError(error);
        return;
      }
    }
  }

  #begin(message: Message): void {
    const attempt = this.#carrier
      .traced(message, (answered) => this.#attempt(message, answered))
      .catch(this.#onError)
      .finally(() => {
        this.#attempts.delete(attempt);
        this.#startRound();
      });
    this.#attempts.add(attempt);
  }

  async #attempt(message: Message, answered: Answered<Answer>): Promise<void> {
    try {
      const answer = await this.#carrier.send(message, this.#stop.signal);
      const outcome = await this.#carrier.record(message, answer);
      this.#counts[outcome] += 1;
      answered(answer, outcome);
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
      await this.#carrier.returnLease(message);
    }
  }
}
