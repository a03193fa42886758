import type { IncomingMessage, Server } from 'node:http';
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import { CloseCode, handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { ConnectionShare } from '../../allowance/connection-share.ts';
import { pointsOf, pointsOfEvent } from '../../allowance/points.rules.ts';
import type { UnsentAnswers } from '../../allowance/unsent-answers.ts';
import type { Context } from '../../graphql/context.ts';
import { executeWithin } from '../../graphql/cost/execution.ts';
import { ReadDocument } from '../../graphql/documents.ts';
import { formatAll, graphqlError, refusalsIn } from '../../graphql/error-format.ts';
import type { OpenStream } from '../following/caller.ts';
import type { Followers } from '../following/followers.ts';
import { followChanges, readChangesRequest } from './changes-request.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import { type GreetingOptions, greet } from './greeting.ts';
import { pulledAnswers } from './pulled-answers.ts';
import { beat, closeAll, LAST_LOOK_MS, receive, SLOW_GOODBYE_MS } from './sockets.ts';
import { mayBegin, readSubscribe, type SubscribeOptions } from './subscribe-message.ts';

export interface WebSocketOptions extends GreetingOptions, SubscribeOptions {
  server: Server;
  followers: Followers;
  openStream: OpenStream;
  /** The share of a connection that opens. */
  shareOf(request: IncomingMessage): ConnectionShare;
  unsent: UnsentAnswers;
  maxPayload: number;
}

export interface WebSocketEdge {
  readonly connections: number;
  /** How many were closed until now because their client did not keep up. */
  readonly tooSlow: number;
  /**
   * Accepts no connection any more and closes every one with 1012, staggered over a window in milliseconds, so that clients
   * go elsewhere; cuts those that do not answer within 2 s.
   */
  drain(windowMs: number): Promise<void>;
}

interface ConnectionExtra extends Record<PropertyKey, unknown> {
  connection: Connection;
}

/** How long a client may take to send its greeting, `connection_init`. */
const GREETING_MS = 3_000;
/** Pieces of one message: as many as it has where each holds half a kilobyte. Tiny ones cost more than their bytes are paid for. */
const MOST_FRAGMENTS = 512;

/** The connection of a socket: a property and shared listeners cost less than closures, tens of thousands of times. */
const CONNECTION = Symbol('connection');
interface HubSocket extends WebSocket {
  [CONNECTION]: Connection;
}

/**
 * graphql-transport-ws at /graphql. graphql-ws keeps the protocol, except that subscriptions to changes are shared: they
 * are opened here and written by `Followers`. The sockets are ours, since graphql-ws's adapter writes each bad frame to
 * the console. Close codes: docs/errors.md.
 */
export function serveWebSocket(options: WebSocketOptions): WebSocketEdge {
  const settings = {
    noServer: true,
    handleProtocols,
    maxPayload: options.maxPayload,
    maxFragments: MOST_FRAGMENTS,
    // A `complete` and a `subscribe` with the same id in one chunk must not overtake each other.
    allowSynchronousEvents: false,
    closeTimeout: SLOW_GOODBYE_MS,
  };
  const sockets = new WebSocketServer(settings);
  const protocol = makeServer(protocolOptions(options));
  const { format } = options;
  const report = (error: unknown) => void format({ message: '' }, error);
  const onClose = function (this: WebSocket, code: number, reason: Buffer): void {
    const connection = (this as HubSocket)[CONNECTION];
    clearTimeout(connection.expiry);
    connection.leave?.();
    connection.settle();
    void connection.closed?.(code, String(reason)).catch(report);
  };
  let tooSlow = 0;
  const owner: ConnectionOwner = {
    handle: (connection, text) => handle(options, connection, text),
    format,
    onErrors: (connection, formatted) => tellRefusals(options, connection, formatted),
    unsent: options.unsent,
    onTooSlow: () => {
      tooSlow += 1;
    },
    onTooMuch: (connection) => tellTooMuch(options, connection),
  };
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage, early: number) => {
    const connection = new Connection(socket, { request, early, share: options.shareOf(request) }, owner);
    (socket as HubSocket)[CONNECTION] = connection;
    connection.closed = protocol.opened(connection, { connection });
    connection.expiry = setTimeout(lookOnce, GREETING_MS - LAST_LOOK_MS, connection);
    // ws answers a broken frame with the right close code by itself; without a listener it would end the process.
    socket.on('error', ignore);
    socket.on('message', onMessage);
    socket.on('ping', onFrame);
    socket.on('pong', onFrame);
    socket.on('close', onClose);
  });
  const refuseMore = receive(options.server, sockets, options.openStream);
  const heart = beat(sockets, (socket) => (socket as HubSocket)[CONNECTION]);
  return {
    get connections() {
      return sockets.clients.size;
    },
    get tooSlow() {
      return tooSlow;
    },
    async drain(windowMs) {
      refuseMore();
      const isAnswering = (socket: WebSocket) => (socket as HubSocket)[CONNECTION].isAnswering;
      await closeAll(sockets, windowMs, isAnswering).finally(() => clearInterval(heart));
    },
  };
}

/** Answers a `subscribe` that asks for changes, or that may not begin; everything else is graphql-ws's (undefined). */
function handle(options: WebSocketOptions, connection: Connection, text: string): Promise<void> | undefined {
  const message = readSubscribe(connection, text);
  if (!message) return undefined;
  if (!mayBegin(options, connection, message)) return Promise.resolve();
  const request = readChangesRequest(options, message);
  return request && followChanges(options, connection, request);
}

/** Tells the log of a client that was closed because it sent too much. */
function tellTooMuch({ refusals }: WebSocketOptions, { origin, request, context }: Connection): void {
  const from = origin ?? (request && refusals.originOf(request));
  if (from) refusals.refusedInside(from, ['TOO_MANY_REQUESTS'], context?.().actor?.id);
}

/** Tells the log what somebody was refused inside an operation. */
function tellRefusals(
  { refusals }: Pick<WebSocketOptions, 'refusals'>,
  { origin, context }: Connection,
  formatted: readonly GraphQLFormattedError[],
): void {
  const codes = refusalsIn(formatted);
  if (codes.length > 0 && origin) refusals.refusedInside(origin, codes, context?.().actor?.id);
}

function ignore(): void {}

function lookOnce(connection: Connection): void {
  connection.expiry = setTimeout(mustGreet, LAST_LOOK_MS, connection);
}

function mustGreet(connection: Connection): void {
  connection.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
}

function onMessage(this: WebSocket, data: RawData): void {
  void (this as HubSocket)[CONNECTION].receive(data);
}

/** A ping, which ws has answered, or a pong. */
function onFrame(this: WebSocket): void {
  (this as HubSocket)[CONNECTION].hear();
}

function protocolOptions(options: WebSocketOptions): ServerOptions<Record<string, unknown>, ConnectionExtra> {
  const { documents, format } = options;
  const { schema } = documents;
  const told = (connection: Connection, errors: readonly GraphQLError[]): GraphQLError[] => {
    const formatted = formatAll(errors, format);
    tellRefusals(options, connection, formatted);
    return formatted;
  };
  const opened = new WeakMap<object, AsyncIterable<ExecutionResult>>();
  return {
    schema,
    // Ours: graphql-ws's own timer would be kept for as long as the connection.
    connectionInitWaitTimeout: 0,
    onConnect: (context) => {
      clearTimeout(context.extra.connection.expiry);
      context.extra.connection.expiry = undefined;
      context.extra.connection.protocolContext = context;
      return greet(options, context.connectionParams, context.extra.connection);
    },
    onSubscribe: async ({ extra: { connection } }, _id, { query, variables, operationName }) => {
      const read = documents.read(query);
      if (!(read instanceof ReadDocument)) return read;
      const known = read.operation(operationName);
      if (known) documents.deprecated.count(known, variables);
      const contextValue = connection.context?.();
      const tooDear = known && documents.costFault(known, variables, contextValue?.actor);
      if (tooDear) return [graphqlError(tooDear)];
      const operation = known?.node;
      const args = {
        schema,
        document: read.document,
        variableValues: variables,
        // A name that is not in the document is refused by graphql-js; an empty one is none.
        operationName: operation ? operation.name?.value : operationName,
        contextValue,
      };
      if (operation?.operation !== 'subscription') return args;
      // Opened here already, so that a client that may not follow gets one `error` message.
      const source = await createSourceEventStream(args);
      if (!(Symbol.asyncIterator in source)) return source.errors ?? args;
      opened.set(
        args,
        pulledAnswers(source, args, (budget) => connection.share.payer.spend(pointsOfEvent(budget))),
      );
      return args;
    },
    execute: (args) => executeWithin(args as ExecutionArgs),
    subscribe: (args) =>
      opened.get(args) ?? { errors: [new GraphQLError('a subscription is opened before it is followed')] },
    onError: ({ extra: { connection } }, _id, _payload, errors) => told(connection, errors as readonly GraphQLError[]),
    onNext: ({ extra: { connection } }, _id, _payload, args, result) => {
      const { budget } = (args.contextValue ?? {}) as Partial<Context>;
      if (budget) connection.share.payer.spend(pointsOf(budget));
      return result.errors ? { ...result, errors: told(connection, result.errors) } : undefined;
    },
  };
}
