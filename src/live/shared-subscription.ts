import { GraphQLError } from 'graphql';
import type { HubError } from '../errors.ts';
import type { Outlet } from './follower.ts';
import type { Frames } from './frames.ts';
import { type Peer, TRY_AGAIN_LATER } from './peer.ts';

/** Bytes that may wait for a connection before its followers fall behind. */
export const MOST_WAITING = 64 * 1024;

/**
 * One subscription to changes on a WebSocket. graphql-ws holds it in place of a generator, and so keeps its account: the
 * same id twice is refused, `complete` and the end of the connection return it. Nobody iterates it: its changes are
 * written by its audience.
 */
export class SharedSubscription implements Outlet, AsyncGenerator<never, void> {
  readonly #peer: Peer;
  readonly #id: string;
  /** The id as it stands in a message. */
  readonly #idBytes: Buffer;
  #leave: (() => void) | undefined;

  constructor(peer: Peer, id: string) {
    this.#peer = peer;
    this.#id = id;
    this.#idBytes = Buffer.from(JSON.stringify(id).slice(1, -1));
  }

  /** Told by whom it was let in how to leave again. */
  set leave(leave: () => void) {
    this.#leave = leave;
  }

  send(frames: Frames): boolean {
    const { stream } = this.#peer;
    // Whoever says goodbye is out in a moment.
    if (!this.#peer.isOpen) return true;
    stream.write(frames.messages(this.#idBytes));
    if (stream.writableLength === 0) return true;
    frames.keep(this.#idBytes);
    return stream.writableLength <= MOST_WAITING;
  }

  whenDrained(resume: () => void): void {
    const { stream } = this.#peer;
    if (stream.writableLength === 0) resume();
    else stream.once('drain', resume);
  }

  drop(): void {
    this.#peer.close(TRY_AGAIN_LATER, 'Too slow: come back with your cursor');
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
