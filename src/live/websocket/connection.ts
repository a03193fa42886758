import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { CloseCode, type Context as GraphqlWsContext, MessageType, type WebSocket as ProtocolSocket } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { ConnectionShare } from '../../allowance/connection-share.ts';
import type { UnsentAnswers } from '../../allowance/unsent-answers.ts';
import type { Context } from '../../graphql/context.ts';
import { isDeep } from '../../graphql/cost/nesting.rules.ts';
import { type ErrorFormat, formatAll } from '../../graphql/error-format.ts';
import { LIMITS } from '../../graphql/limits.ts';
import type { Origin } from '../../http/origin.ts';
import { sayGoodbye } from './sockets.ts';

/** Messages out of place, at which graphql-ws throws instead of closing the connection. */
const OUT_OF_PLACE = /^Unexpected message of type/;

export type ProtocolContext = GraphqlWsContext<Record<string, unknown>, { connection: Connection }>;

export interface ConnectionOwner {
  /** Handles a message in place of graphql-ws, or leaves it to graphql-ws (undefined). */
  handle(connection: Connection, text: string): Promise<void> | undefined;
  /** Formats errors; an unexpected one is logged on the way. */
  format: ErrorFormat;
  /** Called with the errors that a client gets, as it gets them. */
  onErrors(connection: Connection, formatted: readonly GraphQLFormattedError[]): void;
  /** Counts what its clients have not read yet. */
  readonly unsent: UnsentAnswers;
  /** Called when a client is closed because it does not keep up. */
  onTooSlow(): void;
  /** Called when a client is closed because it sent more than one connection may. */
  onTooMuch(connection: Connection): void;
}

/** A connection as it opens. */
interface Opening {
  readonly request: IncomingMessage;
  /** Bytes that came together with the handshake. */
  readonly early: number;
  readonly share: ConnectionShare;
}

/** The close code that RFC 6455 calls "try again later". */
export const TRY_AGAIN_LATER = 1013;
/** graphql-transport-ws has it for one greeting too many; 429 of HTTP is meant. */
const TOO_MANY_MESSAGES = 4429;

/**
 * One WebSocket: what graphql-ws wants of it, and what the hub needs beside. No more than that, since tens of thousands of
 * them wait for hours.
 */
export class Connection implements ProtocolSocket {
  readonly socket: WebSocket;
  /** The connection below the WebSocket: shared frames are written to it directly. */
  readonly stream: Socket;
  /** The handshake, until its token was read; then it is released, headers and all. */
  request: IncomingMessage | undefined;
  /** Where it came from, for the log, once the client sent its greeting. */
  origin: Origin | undefined;
  /** graphql-ws's own account of this connection, once the client sent its greeting. */
  protocolContext: ProtocolContext | undefined;
  /** Makes the context of one operation, once the hub knows for whom the connection acts. */
  context: (() => Context) | undefined;
  /** How much its client may send, and the buckets that pay. */
  readonly share: ConnectionShare;
  /** Closes the connection if the client sends no greeting. */
  expiry: NodeJS.Timeout | undefined;
  /** Stops waiting for the end of the caller's token, and for a change of its account. */
  leave: (() => void) | undefined;
  /** Tells graphql-ws that the connection is closed. */
  closed: ((code: number, reason: string) => Promise<void>) | undefined;
  readonly #owner: ConnectionOwner;
  #protocol: ((data: string) => Promise<void>) | undefined;
  /** Of the bytes that the network brought, those that were paid for. */
  #paidBytes: number;

  constructor(socket: WebSocket, { request, early, share }: Opening, owner: ConnectionOwner) {
    this.socket = socket;
    this.stream = request.socket;
    this.request = request;
    this.share = share;
    this.#paidBytes = this.stream.bytesRead - early;
    this.#owner = owner;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get unsent(): UnsentAnswers {
    return this.#owner.unsent;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Settles when the network took the message; a message to a client that left is dropped. */
  send(data: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return resolve();
      const sent = this.unsent.add(this.stream, data.length);
      this.socket.send(data, (error) => {
        sent();
        if (error && this.isOpen) reject(error);
        else resolve();
      });
    });
  }

  /** Whether something was written that the network has not taken yet. */
  get isWaiting(): boolean {
    return this.stream.writableLength > 0;
  }

  /** How many of the written bytes the network has taken. */
  get taken(): number {
    return this.stream.bytesWritten - this.stream.writableLength;
  }

  close(code?: number, reason?: string): void {
    sayGoodbye(this.socket, code, reason);
    this.#endSubscriptions();
  }

  /** Closes a client that takes nothing. If it reads on within half a minute, it reads why. */
  closeTooSlow(): void {
    if (!this.isOpen) return;
    this.#owner.onTooSlow();
    this.socket.close(TRY_AGAIN_LATER, 'Too slow: come back with your cursor');
    this.#endSubscriptions();
  }

  /**
   * Has a message, a ping or a pong paid for, before anything is done with it; closes a client that has sent more than it may
   * (false). The bytes are those of the network: a message in a thousand fragments costs as much as it takes.
   */
  hear(): boolean {
    if (!this.isOpen) return false;
    if (this.share.hear(this.#unpaidBytes())) return true;
    this.closeTooMuch();
    return false;
  }

  /** Has what is left paid for, once it is closed. */
  settle(): void {
    this.share.leave(this.#unpaidBytes());
  }

  #unpaidBytes(): number {
    const { bytesRead } = this.stream;
    const unpaid = bytesRead - this.#paidBytes;
    this.#paidBytes = bytesRead;
    return unpaid;
  }

  /** Closes a client that sends too much, and reads nothing more of it: not even its answer to the close frame. */
  closeTooMuch(): void {
    if (!this.isOpen) return;
    this.#owner.onTooMuch(this);
    this.close(TOO_MANY_MESSAGES, 'Too many or too long messages for one connection: wait a minute, then send fewer');
    this.socket.pause();
  }

  /** Behind the close frame, nothing more may be written. */
  #endSubscriptions(): void {
    for (const operation of Object.values(this.subscriptions))
      void (operation as Partial<AsyncGenerator> | null)?.return?.(undefined);
  }

  /** The open operations by id; graphql-ws's own account. */
  get subscriptions(): Record<string, unknown> {
    return (this.protocolContext?.subscriptions ?? {}) as Record<string, unknown>;
  }

  /** Whether a query or a mutation is being answered: graphql-ws lists those with nothing to iterate. */
  get isAnswering(): boolean {
    return Object.values(this.subscriptions).includes(null);
  }

  /** Ends an operation with an `error` message; closes the whole connection (1013) if the database is away. */
  fail(id: string, errors: readonly GraphQLError[]): void {
    delete this.subscriptions[id];
    const payload = formatAll(errors, this.#owner.format);
    this.#owner.onErrors(this, payload);
    if (payload.some(({ extensions }) => extensions?.code === 'UNAVAILABLE'))
      this.close(TRY_AGAIN_LATER, 'Try again later');
    else this.send(JSON.stringify({ id, type: MessageType.Error, payload })).catch(() => this.socket.terminate());
  }

  /** graphql-ws gives its own handler of messages here. */
  onMessage(handler: (data: string) => Promise<void>): void {
    this.#protocol = handler;
  }

  async receive(data: RawData): Promise<void> {
    if (!this.hear()) return;
    const text = String(data);
    if (isDeep(text, LIMITS.nesting))
      return this.close(CloseCode.BadRequest, `A message may nest at most ${LIMITS.nesting} levels`);
    try {
      await (this.#owner.handle(this, text) ?? this.#protocol?.(text));
    } catch (error) {
      if (error instanceof Error && OUT_OF_PLACE.test(error.message))
        return this.close(CloseCode.BadRequest, 'Invalid message received');
      this.#owner.format({ message: '' }, error);
      this.close(CloseCode.InternalServerError, 'Internal error');
    }
  }
}
