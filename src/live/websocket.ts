import type { Server } from 'node:http';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  subscribe,
  type ValidationRule,
  validate,
} from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * graphql-transport-ws at /graphql, by the graphql-ws library. A subscription that cannot begin (a bad cursor, an
 * unknown commune) is answered by one `error` message, which is why it is opened in `onSubscribe` already.
 */
export interface WebSocketOptions<C extends object> {
  server: Server;
  schema: GraphQLSchema;
  /** Rules beside graphql-js's own. */
  rules: readonly ValidationRule[];
  maxTokens: number;
  maxPayload: number;
  /** Who speaks, by the token in the first message or in the handshake; throws for a token that is not good. */
  contextFor(authorization: string | undefined, remoteAddress: string | undefined): Promise<C>;
  format(error: GraphQLFormattedError, original: unknown): GraphQLFormattedError;
}

export interface WebSocketEdge {
  readonly connections: number;
  /** Closes every connection with 1001, so that clients go elsewhere, then the door. */
  close(): Promise<void>;
}

interface Extra extends Record<PropertyKey, unknown> {
  context?: object;
}

export function serveWebSocket<C extends object>(options: WebSocketOptions<C>): WebSocketEdge {
  const sockets = new WebSocketServer({
    server: options.server,
    path: '/graphql',
    maxPayload: options.maxPayload,
    // A `complete` and a `subscribe` with the same id in one chunk must not overtake each other.
    allowSynchronousEvents: false,
  });
  const opened = new WeakMap<ExecutionArgs, AsyncIterable<ExecutionResult>>();
  const formatted = (errors: readonly GraphQLError[]) => errors.map((error) => options.format(error.toJSON(), error));

  const server = useServer<Record<string, unknown> | undefined, Extra>(
    {
      schema: options.schema,
      onConnect: async (connection) => {
        const { connectionParams, extra } = connection;
        const given = connectionParams?.authorization ?? connectionParams?.Authorization;
        const authorization = typeof given === 'string' ? given : extra.request.headers.authorization;
        try {
          extra.context = await options.contextFor(authorization, extra.request.socket.remoteAddress);
          return true;
        } catch {
          extra.socket.close(CloseCode.Forbidden, 'Forbidden');
          return false;
        }
      },
      onSubscribe: async ({ extra }, _id, { query, variables, operationName }) => {
        const document = read(query, options);
        if (!('kind' in document)) return document;
        const args: ExecutionArgs = {
          schema: options.schema,
          document,
          variableValues: variables,
          operationName,
          contextValue: extra.context,
        };
        if (getOperationAST(document, operationName)?.operation !== 'subscription') return args;
        const result = await subscribe(args);
        if (!(Symbol.asyncIterator in result)) return result.errors ?? args;
        opened.set(args, result);
        return args;
      },
      subscribe: (args) => opened.get(args as ExecutionArgs) ?? subscribe(args as ExecutionArgs),
      onError: (_connection, _id, _payload, errors) => formatted(errors as readonly GraphQLError[]),
      onNext: (_connection, _id, _payload, _args, result) =>
        result.errors ? { ...result, errors: formatted(result.errors) } : undefined,
    },
    sockets as never,
  );
  sockets.on('connection', (socket: WebSocket) => socket.on('error', () => socket.terminate()));
  return {
    get connections() {
      return sockets.clients.size;
    },
    async close() {
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      await server.dispose();
    },
  };
}

/** Parses and validates like any other operation; the errors where it does not pass. */
function read(
  query: string,
  { schema, rules, maxTokens }: Pick<WebSocketOptions<object>, 'schema' | 'rules' | 'maxTokens'>,
) {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens });
  } catch (error) {
    return [error as GraphQLError];
  }
  const errors = validate(schema, document, [...specifiedRules, ...rules]);
  return errors.length > 0 ? errors : document;
}
