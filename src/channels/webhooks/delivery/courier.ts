import type { EntityManager } from '@mikro-orm/postgresql';
import { pageAfter } from '../../../journal/journal.ts';
import { tracedAttempt } from '../../../tracing/publication-trace.ts';
import { signatureHeaders } from '../key.rules.ts';
import type { WebhookTargets } from '../target.ts';
import { type LeasedMessage, leaseDue, type Outcome, recordAnswer, returnLease } from './attempt.commands.ts';
import { type EnqueueSource, enqueueNext, hasWebhooks } from './enqueue.commands.ts';

export interface CourierOptions {
  /** A fresh entity manager: one unit of work. */
  em(): EntityManager;
  source: EnqueueSource;
  targets: WebhookTargets;
  onError(error: unknown): void;
  random?: () => number;
}

/** A webhook has one message under way at most: a slow receiver delays nobody else. */
const AT_ONCE = 32;
/** For so many milliseconds the courier does not look again for a webhook: most hubs have none, and changes come in bursts. */
const NONE_FOR_MS = 1_000;
/** Loaded with the first message: what speaks HTTP for it is a fifth of the hub's code, and most hubs have no webhook. */
const sender = () => import('./send.ts');
/** The time that attempts under way still get when the hub ends. */
const GRACE_MS = 2_000;

/**
 * Makes deliveries of journal entries and sends those that are due. Every hub has one courier, and couriers share the work
 * by the rows alone. `wake` begins a round: entries become deliveries, and the courier leases deliveries that are due, as
 * many as it has room for. An attempt that ends begins the next round.
 */
export class Courier {
  readonly #options: CourierOptions;
  readonly #attempts = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #counts: Record<Outcome, number> = { delivered: 0, retry: 0, failed: 0 };
  #round: Promise<void> | undefined;
  #again = false;
  #behind = false;
  #noneUntil = 0;
  #closed = false;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** How attempts of this process ended, since it started. */
  get counts(): Readonly<Record<Outcome, number>> {
    return this.#counts;
  }

  /**
   * Begins a round, or has another one follow the round under way, because there may be something new. Returns at once. The
   * hub calls it every second or so, whatever happens: it is passed over for that long where there was no webhook.
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
    const { em, source, onError } = this.#options;
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        if (!(await hasWebhooks(em()))) {
          this.#noneUntil = performance.now() + NONE_FOR_MS;
          return;
        }
        if (this.#behind) {
          this.#behind = false;
          while (!this.#closed && (await enqueueNext(em(), source)));
        }
        const room = AT_ONCE - this.#attempts.size;
        const leased = room > 0 && !this.#closed ? await leaseDue(em(), source.clock.now(), room) : [];
        for (const message of leased) this.#begin(message);
      } catch (error) {
        // The next round tries again: the rows stay, so nothing is lost.
        onError(error);
        return;
      }
    }
  }

  #begin(message: LeasedMessage): void {
    const { webhook, attempts, position } = message;
    const { journal } = this.#options.source;
    const entry = async () => (position === null ? undefined : (await pageAfter(journal, position - 1, 1))[0]);
    const attempt = tracedAttempt({ webhook, attempt: attempts, entry }, (answered) => this.#attempt(message, answered))
      .catch(this.#options.onError)
      .finally(() => {
        this.#attempts.delete(attempt);
        this.#startRound();
      });
    this.#attempts.add(attempt);
  }

  async #attempt(message: LeasedMessage, answered: (status: number | null, outcome: Outcome) => void): Promise<void> {
    const { em, source, targets, random = Math.random } = this.#options;
    const { id, url, body, keys } = message;
    const headers = signatureHeaders(keys, { id, at: source.clock.now(), body });
    try {
      const { send } = await sender();
      const answer = await send({ url, headers, body }, targets, this.#stop.signal);
      const outcome = await recordAnswer(em(), message, answer, { now: source.clock.now(), random: random() });
      this.#counts[outcome] += 1;
      answered(answer.status, outcome);
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
      await returnLease(em(), message);
    }
  }
}
