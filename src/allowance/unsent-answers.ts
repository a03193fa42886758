import type { Socket } from 'node:net';
import { HubError } from '../errors.ts';

/** Bytes that may wait for one connection before nothing more is worked out for it. */
const MOST_OF_ONE = 4_000_000;
/** Bytes that an answer in the making counts for: many requests may come in at once, before any of them is answered. */
const IN_THE_MAKING = 400_000;
/** The same for all together: beyond, the connection that has waited for longest is cut. */
const MOST_OF_ALL = 128_000_000;

/** Answers that were made and that their clients have not taken yet. A client that asks and does not read fills nobody's memory. */
export class UnsentAnswers {
  readonly #mostOfAll: number;
  /** The oldest first. */
  readonly #waiting = new Map<Socket, number>();
  readonly #making = new WeakMap<Socket, number>();
  #total = 0;

  constructor(mostOfAll = MOST_OF_ALL) {
    this.#mostOfAll = mostOfAll;
  }

  /** Bytes of all of them. */
  get total(): number {
    return this.#total;
  }

  /** Throws TOO_MANY_REQUESTS for a connection that has not read what it asked for before. */
  admit(socket: Socket): void {
    const weight = (this.#waiting.get(socket) ?? 0) + IN_THE_MAKING * (this.#making.get(socket) ?? 0);
    if (weight <= MOST_OF_ONE) return;
    throw new HubError('TOO_MANY_REQUESTS', `${weight} bytes of answers wait for you to read them`, {
      retryAfterSeconds: 1,
      limit: { name: 'unsentBytes', weight, most: MOST_OF_ONE },
    });
  }

  /** The same, and counts an answer that is being made; answers how to say that it is there. */
  begin(socket: Socket): () => void {
    this.admit(socket);
    this.#making.set(socket, (this.#making.get(socket) ?? 0) + 1);
    return () => void this.#making.set(socket, (this.#making.get(socket) ?? 1) - 1);
  }

  /** Counts an answer; answers how to say that the network took it, or that its connection has ended. */
  add(socket: Socket, bytes: number): () => void {
    this.#count(socket, bytes);
    for (const [oldest] of this.#waiting) {
      if (this.#total <= this.#mostOfAll) break;
      this.#count(oldest, -(this.#waiting.get(oldest) ?? 0));
      oldest.destroy();
    }
    let isWaiting = true;
    return () => {
      if (isWaiting) this.#count(socket, -bytes);
      isWaiting = false;
    };
  }

  #count(socket: Socket, bytes: number): void {
    const before = this.#waiting.get(socket) ?? 0;
    // A connection that was cut counts nothing any more.
    const now = Math.max(0, before + bytes);
    this.#total += now - before;
    if (now > 0) this.#waiting.set(socket, now);
    else this.#waiting.delete(socket);
  }
}
