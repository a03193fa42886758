import type { Payer } from '../../allowance/payer.ts';
import type { HubError } from '../../errors.ts';
import { graphqlError } from '../../graphql/error-format.ts';
import type { Outlet } from '../following/follower.ts';
import { type Frames, idBytes } from '../following/frames.ts';
import type { Connection } from './connection.ts';

const NOTHING = Buffer.alloc(0);

/**
 * One subscription to changes on a WebSocket. graphql-ws keeps it in place of a generator, and so does its account: it
 * refuses the same id twice, and returns the subscription at `complete` and at the end of the connection. It is never
 * iterated: its audience writes the changes.
 */
export class SharedSubscription implements Outlet, AsyncGenerator<never, void> {
  readonly #connection: Connection;
  readonly #id: string;
  /** The id as it stands in a message. */
  readonly #idBytes: string;
  #leave: (() => void) | undefined;

  constructor(connection: Connection, id: string) {
    this.#connection = connection;
    this.#id = id;
    this.#idBytes = idBytes(id);
  }

  /** Called when the client completes it, or its connection ends. */
  set leave(leave: () => void) {
    this.#leave = leave;
  }

  get payer(): Payer {
    return this.#connection.share.payer;
  }

  send(frames: Frames): void {
    const { stream } = this.#connection;
    if (!this.#connection.isOpen) return;
    stream.write(frames.messages(this.#idBytes));
    if (stream.writableLength > 0) frames.leaveBuffer(this.#idBytes);
  }

  /** As soon as the network does not take what it is given, and once the connection is closing. */
  get isFull(): boolean {
    return this.#connection.isWaiting || !this.#connection.isOpen;
  }

  whenDrained(resume: () => void): void {
    const { stream, isOpen } = this.#connection;
    if (!isOpen) return;
    // Writes settle in order. `drain` would not come where less waits than the stream calls much.
    if (stream.writableLength > 0) stream.write(NOTHING, (error) => error ?? resume());
    else resume();
  }

  drop(): void {
    this.#connection.closeTooSlow();
  }

  fail(error: HubError): void {
    this.#connection.fail(this.#id, [graphqlError(error)]);
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
