import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { GraphQLError } from 'graphql';
import { CloseCode, type Context, MessageType, type WebSocket as ProtocolSocket } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { type ErrorFormat, formatAll } from '../../graphql/error-format.ts';
import { sayGoodbye } from './sockets.ts';

/** What a client may do wrong that graphql-ws throws at us instead of closing the connection. */
const OUT_OF_PLACE = /^Unexpected message of type/;

export type ProtocolContext = Context<Record<string, unknown>, { peer: Peer }>;

export interface PeerOwner {
  /** Takes a message out of graphql-ws's hands, or leaves it (undefined). */
  take(peer: Peer, text: string): Promise<void> | undefined;
  /** As everywhere, what is unexpected is logged on the way. */
  format: ErrorFormat;
  /** Somebody is let go who does not keep up. */
  onTooSlow(): void;
}

/** What RFC 6455 calls "try again later". */
export const TRY_AGAIN_LATER = 1013;

/**
 * One WebSocket, as graphql-ws wants one and with what the hub needs beside: no more than that, since tens of thousands
 * of them wait for hours.
 */
export class Peer implements ProtocolSocket {
  readonly socket: WebSocket;
  /** The connection below the WebSocket: shared frames are written to it directly. */
  readonly stream: Socket;
  /** Until the token was read; then it is let go, headers and all. */
  request: IncomingMessage | undefined;
  /** graphql-ws's own account of this connection, once it has greeted. */
  protocolContext: ProtocolContext | undefined;
  /** Makes the context of one operation, once it is known who speaks. */
  context: (() => object) | undefined;
  /** Ends the connection: when nobody greets, and later when the token does not hold any more. */
  expiry: NodeJS.Timeout | undefined;
  /** Tells graphql-ws that the connection is closed. */
  closed: ((code: number, reason: string) => Promise<void>) | undefined;
  readonly #owner: PeerOwner;
  #protocol: ((data: string) => Promise<void>) | undefined;

  constructor(socket: WebSocket, request: IncomingMessage, owner: PeerOwner) {
    this.socket = socket;
    this.stream = request.socket;
    this.request = request;
    this.#owner = owner;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Settles when the network took it; what is said to somebody who left is dropped. */
  send(data: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return resolve();
      this.socket.send(data, (error) => (error && this.isOpen ? reject(error) : resolve()));
    });
  }

  /** Whether something was written that the network has not taken yet. */
  get isWaiting(): boolean {
    return this.stream.writableLength > 0;
  }

  /** How many bytes the network has taken of what was written. */
  get taken(): number {
    return this.stream.bytesWritten - this.stream.writableLength;
  }

  close(code?: number, reason?: string): void {
    sayGoodbye(this.socket, code, reason);
    this.#leave();
  }

  /** Lets go of a reader who takes nothing. Whoever wakes up within half a minute reads why. */
  tooSlow(): void {
    if (!this.isOpen) return;
    this.#owner.onTooSlow();
    this.socket.close(TRY_AGAIN_LATER, 'Too slow: come back with your cursor');
    this.#leave();
  }

  /** Nothing more is told to whoever is told goodbye. */
  #leave(): void {
    for (const operation of Object.values(this.subscriptions))
      void (operation as Partial<AsyncGenerator> | null)?.return?.(undefined);
  }

  /** The operations that are open, by id; graphql-ws's own account. */
  get subscriptions(): Record<string, unknown> {
    return (this.protocolContext?.subscriptions ?? {}) as Record<string, unknown>;
  }

  /** Whether a query or a mutation is being answered: those stand in the account with nothing to iterate. */
  get isAnswering(): boolean {
    return Object.values(this.subscriptions).includes(null);
  }

  /** Ends an operation with an `error` message; with the whole connection (1013) where the hub cannot tell just now. */
  fail(id: string, errors: readonly GraphQLError[]): void {
    delete this.subscriptions[id];
    const payload = formatAll(errors, this.#owner.format);
    if (payload.some(({ extensions }) => extensions?.code === 'UNAVAILABLE'))
      this.close(TRY_AGAIN_LATER, 'Try again later');
    else this.send(JSON.stringify({ id, type: MessageType.Error, payload })).catch(() => this.socket.terminate());
  }

  onMessage(take: (data: string) => Promise<void>): void {
    this.#protocol = take;
  }

  async receive(text: string): Promise<void> {
    try {
      await (this.#owner.take(this, text) ?? this.#protocol?.(text));
    } catch (error) {
      if (error instanceof Error && OUT_OF_PLACE.test(error.message))
        return this.close(CloseCode.BadRequest, 'Invalid message received');
      this.#owner.format({ message: '' }, error);
      this.close(CloseCode.InternalServerError, 'Internal error');
    }
  }
}
