import type { Payer } from './payer.ts';
import { pointsToHear } from './points.rules.ts';

/** Bytes of messages that count as one message more. */
const BYTES_A_MESSAGE = 1_024;
/** Characters of a document that the hub has not seen: parsing them takes much longer than hearing them. */
const CHARACTERS_A_MESSAGE = 256;
/** By how much a message is dearer while the client's buckets are empty. A client that pings now and then does not feel it. */
const DEARER = 10;
const SECOND = 1_000;

/** The same for every connection of a hub. */
export interface ShareRules {
  /** Points that come back in a second; 0: a connection may send as much as it likes. */
  readonly perSecond: number;
  /** Points of a full share. */
  readonly most: number;
  now(): number;
  /** Counts a connection that sent more than it may. */
  refused(): void;
}

/**
 * The share of one WebSocket: how much it may send. Its points are messages: one for each, and more for long ones, so that a client
 * that talks without end is found however cheap its messages are. The CPU that they take is paid for by the client's buckets as
 * well; since those are its neighbours' too, an empty one closes no connection, and makes it dearer to go on talking.
 */
export class ConnectionShare {
  /** Pays for the CPU. */
  payer: Payer;
  readonly #rules: ShareRules;
  /** When the share is full again. */
  #fullAt = 0;
  /** Whether the payer had nothing left when the last message came, which is then not the one that emptied it. */
  #wasSpent = false;

  constructor(payer: Payer, rules: ShareRules) {
    this.payer = payer;
    this.#rules = rules;
  }

  /** Takes a message before it is decoded, by the bytes in which it came; false where it is more than the connection may send. */
  hear(bytes: number): boolean {
    this.#wasSpent = this.payer.isSpent;
    this.payer.spend(pointsToHear(bytes));
    return this.#take((this.#wasSpent ? DEARER : 1) * (1 + bytes / BYTES_A_MESSAGE));
  }

  /** Has what the last message asks for paid for. Throws TOO_MANY_REQUESTS where nothing was left when it came. */
  admit(points: number): void {
    if (this.#wasSpent) this.payer.admit(points);
    else this.payer.spend(points);
  }

  /** Takes a document that the hub has not seen, before it is parsed; false where it is more than the connection may send. */
  read(characters: number): boolean {
    return characters === 0 || this.#take(characters / CHARACTERS_A_MESSAGE);
  }

  /** Has what came paid for that is no message, and never will be: its connection is closed. */
  leave(bytes: number): void {
    if (bytes > 0) this.payer.spend(pointsToHear(bytes));
  }

  #take(points: number): boolean {
    const { perSecond, most, now, refused } = this.#rules;
    if (perSecond === 0) return true;
    const at = now();
    const fullAt = Math.max(at, this.#fullAt) + (points / perSecond) * SECOND;
    if (((fullAt - at) * perSecond) / SECOND > most) {
      refused();
      return false;
    }
    this.#fullAt = fullAt;
    return true;
  }
}
