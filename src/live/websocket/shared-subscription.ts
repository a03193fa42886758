import { GraphQLError } from 'graphql';
import type { HubError } from '../../errors.ts';
import type { Outlet } from '../following/follower.ts';
import { type Frames, idBytes } from '../following/frames.ts';
import type { Peer } from './peer.ts';

const NOTHING = Buffer.alloc(0);

/**
 * One subscription to changes on a WebSocket. graphql-ws holds it in place of a generator, and so keeps its account: the
 * same id twice is refused, `complete` and the end of the connection return it. Nobody iterates it: its changes are
 * written by its audience.
 */
export class SharedSubscription implements Outlet, AsyncGenerator<never, void> {
  readonly #peer: Peer;
  readonly #id: string;
  /** The id as it stands in a message. */
  readonly #idBytes: string;
  #leave: (() => void) | undefined;

  constructor(peer: Peer, id: string) {
    this.#peer = peer;
    this.#id = id;
    this.#idBytes = idBytes(id);
  }

  /** Told by whom it was let in how to leave again. */
  set leave(leave: () => void) {
    this.#leave = leave;
  }

  send(frames: Frames): void {
    const { stream } = this.#peer;
    if (!this.#peer.isOpen) return;
    stream.write(frames.messages(this.#idBytes));
    if (stream.writableLength > 0) frames.keep(this.#idBytes);
  }

  /** As soon as the network does not take what it is given, and for whoever says goodbye. */
  get isFull(): boolean {
    return this.#peer.isWaiting || !this.#peer.isOpen;
  }

  whenDrained(resume: () => void): void {
    const { stream, isOpen } = this.#peer;
    if (!isOpen) return;
    // Writes settle in order. `drain` would not come where less waits than the stream calls much.
    if (stream.writableLength > 0) stream.write(NOTHING, (error) => error ?? resume());
    else resume();
  }

  drop(): void {
    this.#peer.tooSlow();
  }

  fail(error: HubError): void {
    this.#peer.fail(this.#id, [new GraphQLError(error.message, { originalError: error })]);
  }

  return(): Promise<IteratorResult<never, void>> {
    this.#leave?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<never, void>> {
    return Promise.reject(new Error('a shared subscription is written to, and not iterated'));
  }

  throw(): Promise<IteratorResult<never, void>> {
    return this.next();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.return().then(() => undefined);
  }
}
