import type { EntityManager } from '@mikro-orm/postgresql';
import { signatureHeaders } from '../key.rules.ts';
import type { Targets } from '../target.ts';
import { type Claim, claimDue, giveBack, type Outcome, recordAnswer } from './attempt.commands.ts';
import { send } from './send.ts';
import { isAnyThere, type SpreadGround, spreadOne } from './spread.commands.ts';

export interface CourierOptions {
  /** A fresh entity manager: one unit of work. */
  em(): EntityManager;
  ground: SpreadGround;
  targets: Targets;
  onError(error: unknown): void;
  random?: () => number;
}

/** A webhook has one message under way at most: a slow receiver delays nobody else. */
const AT_ONCE = 32;
/** How long it is taken for granted that there is no webhook, in milliseconds: most hubs have none, and changes come in bursts. */
const NONE_FOR_MS = 1_000;
/** What attempts under way may still take when the hub ends. */
const GRACE_MS = 2_000;

/**
 * Makes deliveries of journal entries and sends those that are due. Every hub has one; they share the work through the
 * rows alone. A poke begins a round: entries become deliveries, and what is due is taken, as many as there is room for.
 * Each one that ends lets the next be taken.
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
   * There may be something new: begins a round, or has another one follow the one under way. Returns at once. To be called
   * every second or so, whatever happens: for about as long a poke may be passed over where there was no webhook.
   */
  poke(): void {
    this.#behind = true;
    if (performance.now() < this.#noneUntil) return;
    this.#wake();
  }

  /** Takes nothing more; waits a moment for what is under way, then breaks it off and gives it back. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#again = false;
    await this.#round;
    const late = setTimeout(() => this.#stop.abort(), GRACE_MS);
    await Promise.all(this.#attempts);
    clearTimeout(late);
  }

  #wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = undefined;
      if (this.#again) this.#wake();
    });
  }

  async #rounds(): Promise<void> {
    const { em, ground, onError } = this.#options;
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        if (!(await isAnyThere(em()))) {
          this.#noneUntil = performance.now() + NONE_FOR_MS;
          return;
        }
        if (this.#behind) {
          this.#behind = false;
          while (!this.#closed && (await spreadOne(em(), ground)));
        }
        const room = AT_ONCE - this.#attempts.size;
        const claims = room > 0 && !this.#closed ? await claimDue(em(), ground.clock.now(), room) : [];
        for (const claim of claims) this.#begin(claim);
      } catch (error) {
        // The next poke tries again: nothing is lost, the rows stay.
        onError(error);
        return;
      }
    }
  }

  #begin(claim: Claim): void {
    const attempt = this.#attempt(claim)
      .catch(this.#options.onError)
      .finally(() => {
        this.#attempts.delete(attempt);
        this.#wake();
      });
    this.#attempts.add(attempt);
  }

  async #attempt(claim: Claim): Promise<void> {
    const { em, ground, targets, random = Math.random } = this.#options;
    const { id, url, body, keys } = claim;
    const headers = signatureHeaders(keys, { id, at: ground.clock.now(), body });
    try {
      const answer = await send({ url, headers, body }, targets, this.#stop.signal);
      const outcome = await recordAnswer(em(), claim, answer, { now: ground.clock.now(), random: random() });
      this.#counts[outcome] += 1;
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
      await giveBack(em(), claim);
    }
  }
}
