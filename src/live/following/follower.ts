import type { Payer } from '../../allowance/payer.ts';
import { POINTS } from '../../allowance/points.rules.ts';
import type { HubError } from '../../errors.ts';
import type { Entry } from '../../journal/entry.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Audience } from './audience.ts';
import type { Frames } from './frames.ts';

/** Where a follower's changes are written: one subscription on a WebSocket, or one event stream. */
export interface Outlet {
  /** The client that pays for what is worked out for this follower alone; nobody does where it is undefined. */
  readonly payer: Payer | undefined;
  /** Takes all of it, whether it is full or not. */
  send(frames: Frames): void;
  /** The connection holds as much as it should, or takes nothing any more: send nothing until `whenDrained` calls. */
  readonly isFull: boolean;
  /** Calls once, when the connection has taken all that waited; never, if the connection ends before. */
  whenDrained(resume: () => void): void;
  /** Ends the connection of a client that does not keep up (1013 on a WebSocket); it may come back with its cursor. */
  drop(): void;
  /** Ends the subscription with an error. */
  fail(error: HubError): void;
}

/**
 * The phases of a follower:
 *
 * - `CATCHING_UP`: it gets what it missed, from memory or from the table, at its own pace: a chunk, then the turn of every
 *   other follower. Between two chunks the hub keeps nothing for it but its position. Its client pays for changes that nobody
 *   had rendered before it, and while nothing is left to pay with it waits. Once it stands at the head of this process's
 *   tail it goes LIVE in the same turn of the event loop. The tail gives each batch to everybody within one turn, so nothing
 *   comes between.
 * - `LIVE`: it is in the set of its audience, which writes each change to it.
 * - `BLOCKED`: its connection takes no more. Nothing is queued for it: it goes on CATCHING_UP from the last position that
 *   it was sent, once the connection has room again. If that takes too long it is dropped and comes back with its cursor.
 *   What a client that stopped reading costs is the chunk that its connection was writing.
 * - `GONE`: it left, was dropped, or was ended with an error. Nothing more is written to it.
 */
export type Phase = 'CATCHING_UP' | 'LIVE' | 'BLOCKED' | 'GONE';

/** One subscription to changes. */
export class Follower {
  readonly audience: Audience<Follower>;
  readonly outlet: Outlet;
  /** Every entry up to here was sent or did not match its filter. A LIVE follower stands at the head instead. */
  position: number;
  /** The position of the last cursor that it got while it was behind; -1 before the first one. */
  lastCursor = -1;
  /** What was read of the table for its next chunk: entries that all followers at that position share. */
  page: readonly Entry<PublicDocument>[] | undefined;
  /** Whether few share its selection, as far as the hub can tell: it catches up at the pace of those. */
  isLeftOver = false;
  /** Points that were spent on it alone since it was last LIVE. */
  ownPoints = 0;
  #phase: Phase = 'CATCHING_UP';

  constructor(audience: Audience<Follower>, outlet: Outlet, position: number) {
    this.audience = audience;
    this.outlet = outlet;
    this.position = position;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether it has had more than its subscription has paid for: from then on its client pays. */
  get isPaying(): boolean {
    return this.ownPoints > POINTS.subscribed;
  }

  /** Counts what was worked out for it alone; its client pays for what its subscription has not paid for. */
  pay(points: number): void {
    const paid = Math.max(this.ownPoints, POINTS.subscribed);
    this.ownPoints += points;
    if (this.ownPoints > paid) this.outlet.payer?.spend(this.ownPoints - paid);
  }

  /** Its audience writes to it in one phase alone. */
  enter(phase: Phase): void {
    this.#phase = phase;
    if (phase === 'LIVE') this.audience.live.add(this);
    else this.audience.live.delete(this);
  }
}
