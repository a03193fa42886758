import type { IncomingMessage, Server } from 'node:http';
import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  subscribe,
} from 'graphql';
import { CloseCode, handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { HubError } from '../errors.ts';
import { type DocumentLimits, readDocument } from './document.ts';
import { beat, closeAll, GOODBYE_MS, receive, wire } from './sockets.ts';

/** Who speaks on a connection, for as long as the token holds (null: it does not end). */
export interface Spokesman<C extends object> {
  context: C;
  expiresAt: Date | null;
}

export interface WebSocketOptions<C extends object> extends DocumentLimits {
  server: Server;
  maxPayload: number;
  /** Operations that one connection may have open at a time. */
  maxOperations: number;
  /** Who speaks, by the token in the first message or in the handshake; throws for a token that is not good. */
  connect(authorization: string | undefined, request: IncomingMessage): Promise<Spokesman<C>>;
  format(error: GraphQLFormattedError, original: unknown): GraphQLFormattedError;
}

export interface WebSocketEdge {
  readonly connections: number;
  /** Closes every connection with 1001, so that clients go elsewhere; cuts those that do not answer within 2 s. */
  close(): Promise<void>;
}

interface Extra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  request: IncomingMessage;
  context?: object;
  expiry?: NodeJS.Timeout;
}

/** The longest that a timer can wait; a token that holds longer is asked for again then. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * graphql-transport-ws at /graphql. graphql-ws keeps the protocol; the sockets are ours, since its adapter writes each
 * bad frame to the console. Close codes: docs/errors.md.
 */
export function serveWebSocket<C extends object>(options: WebSocketOptions<C>): WebSocketEdge {
  const settings = {
    noServer: true,
    handleProtocols,
    maxPayload: options.maxPayload,
    // A `complete` and a `subscribe` with the same id in one chunk must not overtake each other.
    allowSynchronousEvents: false,
    closeTimeout: GOODBYE_MS,
  };
  const sockets = new WebSocketServer(settings);
  const protocol = makeServer(protocolOptions(options));
  sockets.on('connection', (socket, request) => {
    const extra: Extra = { socket, request };
    const closed = protocol.opened(
      wire(socket, (error) => codeOf(options, error)),
      extra,
    );
    socket.once('close', (code, reason) => {
      clearTimeout(extra.expiry);
      void closed(code, String(reason)).catch((error) => codeOf(options, error));
    });
  });
  const leave = receive(options.server, sockets, '/graphql');
  const heart = beat(sockets);
  return {
    get connections() {
      return sockets.clients.size;
    },
    async close() {
      leave();
      clearInterval(heart);
      await closeAll(sockets);
    },
  };
}

/** The code that the formatter gives an error; as everywhere, what is unexpected is logged on the way. */
const codeOf = ({ format }: Pick<WebSocketOptions<object>, 'format'>, error: unknown): unknown =>
  format({ message: '' }, error).extensions?.code;

function protocolOptions<C extends object>(
  options: WebSocketOptions<C>,
): ServerOptions<Record<string, unknown>, Extra> {
  const { schema, maxOperations } = options;
  const opened = new WeakMap<object, AsyncIterable<ExecutionResult>>();
  const formatted = (errors: readonly GraphQLError[]) => errors.map((error) => options.format(error.toJSON(), error));
  return {
    schema,
    onConnect: ({ connectionParams, extra }) => greet(options, connectionParams, extra),
    onSubscribe: async ({ extra, subscriptions }, _id, { query, variables, operationName }) => {
      if (Object.keys(subscriptions).length > maxOperations) return [tooMany(maxOperations)];
      const document = readDocument(query, options);
      if (!('kind' in document)) return document;
      const args = { schema, document, variableValues: variables, operationName, contextValue: extra.context };
      if (getOperationAST(document, operationName)?.operation !== 'subscription') return args;
      // Opened here already, so that a bad cursor or an unknown commune is answered by one `error` message.
      const result = await subscribe(args);
      if (!(Symbol.asyncIterator in result)) return result.errors ?? args;
      opened.set(args, result);
      return args;
    },
    subscribe: (args) => opened.get(args) ?? subscribe(args as ExecutionArgs),
    onError: (_connection, _id, _payload, errors) => formatted(errors as readonly GraphQLError[]),
    onNext: (_connection, _id, _payload, _args, result) =>
      result.errors ? { ...result, errors: formatted(result.errors) } : undefined,
  };
}

/** Lets a connection in, or closes it: 4403 for a token that is not good or ends, 1013 while nobody can tell. */
async function greet<C extends object>(
  options: WebSocketOptions<C>,
  params: Readonly<Record<string, unknown>> | undefined,
  extra: Extra,
): Promise<boolean> {
  const given = params?.authorization ?? params?.Authorization;
  const { socket, request } = extra;
  try {
    const authorization = typeof given === 'string' ? given : request.headers.authorization;
    const { context, expiresAt } = await options.connect(authorization, request);
    extra.context = context;
    if (expiresAt) {
      const wait = Math.min(Math.max(expiresAt.getTime() - Date.now(), 0), LONGEST_WAIT_MS);
      extra.expiry = setTimeout(() => socket.close(CloseCode.Forbidden, 'The token has expired'), wait);
      if (socket.readyState !== socket.OPEN) clearTimeout(extra.expiry);
    }
    return true;
  } catch (error) {
    const code = codeOf(options, error);
    if (code === 'UNAVAILABLE') socket.close(1013, 'Try again later');
    else if (code === 'INTERNAL') socket.close(CloseCode.InternalServerError, 'Internal error');
    else socket.close(CloseCode.Forbidden, 'Forbidden');
    return false;
  }
}

const tooMany = (most: number): GraphQLError => {
  const error = new HubError('TOO_MANY_REQUESTS', `a connection may have at most ${most} operations open`);
  return new GraphQLError(error.message, { originalError: error });
};
