import type { HubError } from '../../errors.ts';
import type { Entry } from '../../journal/entry.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Audience } from './audience.ts';
import type { Frames } from './frames.ts';

/** Where a follower's changes go: one subscription on a WebSocket, or one event stream. */
export interface Outlet {
  /** Takes all of it, whether it is full or not. */
  send(frames: Frames): void;
  /** More waits to be written than is good, or nothing ever will be: nothing more until `whenDrained` calls. */
  readonly isFull: boolean;
  /** Calls once, when all that waited was written. Never, where the connection ends before. */
  whenDrained(resume: () => void): void;
  /** Ends it, since its reader does not keep up: 1013 on a WebSocket. It may come back with its cursor. */
  drop(): void;
  /** Ends it with an error. */
  fail(error: HubError): void;
}

/**
 * One subscription to changes, in one of three phases:
 *
 * 1. BEHIND (backfill): it is told what it missed, from memory or from the table, at its own pace: a chunk, then everybody
 *    else's turn. Between two chunks nothing is kept for it but its position.
 * 2. Cut-over: once it stands at the head of this process's tail, it joins its audience in the same turn of the event
 *    loop. The tail hands each batch to everybody within one turn, so nothing comes between.
 * 3. LIVE: its audience writes to it. As soon as its connection takes no more it goes back to phase 1 at the last position
 *    that it was written, with nothing queued for it; if it does not read for a while, it is dropped and comes back with
 *    its cursor. What a reader who stopped costs is the chunk that its connection was writing.
 */
export class Follower {
  readonly audience: Audience;
  readonly outlet: Outlet;
  /** Everything up to here was written, or is none of its business. Kept while it is behind; live, it is the head. */
  position: number;
  /** The position of the last cursor that it was told while it was behind; -1: none, so nothing to come back with. */
  told = -1;
  gone = false;
  /** What was read of the table for its next turn: entries that all who stand there share. */
  page: readonly Entry<PublicDocument>[] | undefined;

  constructor(audience: Audience, outlet: Outlet, position: number) {
    this.audience = audience;
    this.outlet = outlet;
    this.position = position;
  }
}
