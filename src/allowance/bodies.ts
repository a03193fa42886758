import type { IncomingMessage } from 'node:http';
import type { Payer } from './payer.ts';
import { pointsToHear, pointsToParse } from './points.rules.ts';

/** A body that is coming in: its reader counts it here. */
export interface Coming {
  bytes: number;
  pieces: number;
}

interface Counted extends Coming {
  /** Points that were paid for it until now. */
  paid: number;
}

/**
 * The bodies of requests, and what is still to be paid for each. Their bytes are counted as they come: a request need not say how
 * many it brings. A body is heard, and then read as a document; hearing is a part of the price of reading.
 */
export class Bodies {
  readonly #counted = new WeakMap<IncomingMessage, Counted>();

  /** Begins to count the body of a request. */
  begin(request: IncomingMessage): Coming {
    const counted = { bytes: 0, pieces: 0, paid: 0 };
    this.#counted.set(request, counted);
    return counted;
  }

  /** Has a client pay for hearing a body, and for `more`. Throws TOO_MANY_REQUESTS, and takes nothing, where it has nothing left. */
  hear(request: IncomingMessage, payer: Payer, more = 0): void {
    this.#pay(request, payer, heard, more);
  }

  /** The same for reading it as a document, of which it may have paid for hearing. */
  read(request: IncomingMessage, payer: Payer, more: number): void {
    this.#pay(request, payer, (body) => Math.max(heard(body), pointsToParse(body.bytes)), more);
  }

  /** Takes nothing for a body: what it asks for was kept. */
  forgive(request: IncomingMessage): void {
    this.#counted.delete(request);
  }

  /** Has hearing a body paid for, if nobody has done so yet; it refuses nobody, and nothing more is paid for it. */
  settle(request: IncomingMessage, payer: () => Payer): void {
    const counted = this.#counted.get(request);
    if (counted && counted.bytes > 0 && counted.paid === 0) payer().spend(heard(counted));
    this.#counted.delete(request);
  }

  #pay(request: IncomingMessage, payer: Payer, price: (body: Coming) => number, more: number): void {
    const counted = this.#counted.get(request);
    const due = counted ? Math.max(0, price(counted) - counted.paid) : 0;
    // A request that was let in is not refused half-way.
    if (counted && counted.paid > 0) payer.spend(due + more);
    else payer.admit(due + more);
    if (counted) counted.paid += due;
  }
}

const heard = ({ bytes, pieces }: Coming): number => pointsToHear(bytes, pieces);
