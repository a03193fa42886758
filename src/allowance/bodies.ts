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

/** Counted on the request itself: a WeakMap that grows with each request costs more than all else here. */
const COUNTED = Symbol('counted body');

type Bringing = IncomingMessage & { [COUNTED]?: Counted | undefined };

/**
 * The bodies of requests, and what is still to be paid for each. Their bytes are counted as they come: a request need not say how
 * many it brings. A body is heard, and then read as a document; hearing is a part of the price of reading.
 */
export class Bodies {
  /** Begins to count the body of a request. */
  begin(request: IncomingMessage): Coming {
    const counted = { bytes: 0, pieces: 0, paid: 0 };
    (request as Bringing)[COUNTED] = counted;
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
    (request as Bringing)[COUNTED] = undefined;
  }

  /** Has hearing a body paid for, if nobody has done so yet; it refuses nobody, and nothing more is paid for it. */
  settle(request: IncomingMessage, payer: () => Payer): void {
    const counted = (request as Bringing)[COUNTED];
    if (counted && counted.bytes > 0 && counted.paid === 0) payer().spend(heard(counted));
    (request as Bringing)[COUNTED] = undefined;
  }

  #pay(request: IncomingMessage, payer: Payer, price: (body: Coming) => number, more: number): void {
    const counted = (request as Bringing)[COUNTED];
    const due = counted ? Math.max(0, price(counted) - counted.paid) : 0;
    // A request that was let in is not refused half-way.
    if (counted && counted.paid > 0) payer.spend(due + more);
    else payer.admit(due + more);
    if (counted) counted.paid += due;
  }
}

const heard = ({ bytes, pieces }: Coming): number => pointsToHear(bytes, pieces);
