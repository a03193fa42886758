import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
} from 'graphql';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, invalidInput } from '../errors.ts';
import { type DocumentLimits, readDocument } from './document.ts';

/**
 * Subscriptions as Server-Sent Events at /graphql/stream: the "distinct connections" mode of GraphQL over SSE, by GET and
 * POST. Each event carries its cursor as `id`, and `Last-Event-ID` goes on from there, so that a browser's own
 * EventSource resumes by itself. Changes are pulled when the reader has taken the last ones: nothing queues.
 */
export interface SseOptions<C extends object> extends DocumentLimits {
  /** Who asks, and until when the token holds; throws for a token that is not good. */
  connect(request: FastifyRequest): Promise<{ context: C; expiresAt: Date | null }>;
  format(error: GraphQLFormattedError, original: unknown): GraphQLFormattedError;
  /** For how long readers are sent away over, when the hub ends: each is told a moment of its own. */
  spreadMs: number;
}

export interface SseEdge {
  readonly connections: number;
  /** Ends every stream, and tells each reader when to come back. */
  close(): void;
}

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2_000;

const request = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

interface Stream {
  response: ServerResponse;
  abort: AbortController;
}

export function mountSse<C extends object>(server: FastifyInstance, options: SseOptions<C>): SseEdge {
  const open = new Set<Stream>();
  const handle = async (asked: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { context, expiresAt } = await options.connect(asked);
    const args = readOperation(asked, context, options);
    if (!('document' in args)) return refuse(reply, args, options);
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return refuse(reply, source.errors ?? [], options);
    reply.hijack();
    const stream = { response: reply.raw, abort: new AbortController() };
    open.add(stream);
    const headers = Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined));
    await pour(stream, source, args, { options, expiresAt, headers }).finally(() => open.delete(stream));
    return undefined;
  };
  server.get('/graphql/stream', handle);
  server.post('/graphql/stream', handle);
  return {
    get connections() {
      return open.size;
    },
    close() {
      for (const { response, abort } of open) {
        response.write(`retry: ${Math.round(Math.random() * options.spreadMs) + 100}\n\n`);
        abort.abort();
      }
    },
  };
}

/** The operation that is asked for, its `after` replaced by the last event that the reader has seen. */
function readOperation(
  asked: FastifyRequest,
  contextValue: object,
  options: DocumentLimits,
): ExecutionArgs | readonly GraphQLError[] {
  const given = request.safeParse(asked.method === 'GET' ? fromAddress(asked.query) : asked.body);
  if (!given.success)
    throw invalidInput(given.error.issues.map(({ path, message }) => ({ path: path.join('.') || 'body', message })));
  const { query, variables, operationName } = given.data;
  const document = readDocument(query, options);
  if (!('kind' in document)) return document;
  if (getOperationAST(document, operationName)?.operation !== 'subscription')
    throw invalidInput([{ path: 'query', message: 'must be one subscription; ask queries and mutations at /graphql' }]);
  const lastEventId = asked.headers['last-event-id'];
  const after = typeof lastEventId === 'string' && lastEventId !== '' ? { after: lastEventId } : {};
  const { schema } = options;
  return { schema, document, contextValue, operationName, variableValues: { ...variables, ...after } };
}

function fromAddress(query: unknown): unknown {
  const { variables, ...rest } = query as Record<string, unknown>;
  if (typeof variables !== 'string') return rest;
  try {
    return { ...rest, variables: JSON.parse(variables) };
  } catch {
    throw invalidInput([{ path: 'variables', message: 'must be a JSON object' }]);
  }
}

function refuse(
  reply: FastifyReply,
  errors: readonly GraphQLError[],
  { format }: Pick<SseOptions<object>, 'format'>,
): FastifyReply {
  const formatted = errors.map((error) => format(error.toJSON(), error));
  const code = String(formatted[0]?.extensions?.code);
  const status = code in ERROR_CODES ? ERROR_CODES[code as ErrorCode] : 500;
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: formatted }));
}

interface Pouring {
  options: Pick<SseOptions<object>, 'format'>;
  expiresAt: Date | null;
  headers: Record<string, unknown>;
}

/** Writes changes as the reader takes them, until either side ends. */
async function pour(
  { response, abort }: Stream,
  source: AsyncIterable<unknown>,
  args: ExecutionArgs,
  { options, expiresAt, headers }: Pouring,
): Promise<void> {
  const stop = () => abort.abort();
  const changes = source[Symbol.asyncIterator]();
  // Whoever waits for the next change is woken by ending the source.
  abort.signal.addEventListener('abort', () => void changes.return?.(), { once: true });
  response.on('close', stop);
  response.on('error', stop);
  const beat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
  const expiry = expiresAt && setTimeout(stop, Math.max(expiresAt.getTime() - Date.now(), 0));
  response.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    // A stream ends with its connection: kept alive, it would hold up the hub's own end.
    connection: 'close',
  });
  response.write(`retry: ${RETRY_MS + Math.round(Math.random() * RETRY_MS)}\n\n`);
  try {
    for await (const rootValue of { [Symbol.asyncIterator]: () => changes }) {
      if (abort.signal.aborted) break;
      const result = await execute({ ...args, rootValue });
      if (!response.write(eventOf(rootValue, result, options))) await once(response, 'drain', { signal: abort.signal });
    }
    if (!abort.signal.aborted) response.write('event: complete\ndata: \n\n');
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    clearInterval(beat);
    if (expiry) clearTimeout(expiry);
    response.end();
  }
}

/** One event; its id is the cursor of the change, whatever was selected of it. */
function eventOf(change: unknown, result: ExecutionResult, { format }: Pick<SseOptions<object>, 'format'>): string {
  const cursor = typeof change === 'object' && change !== null && 'cursor' in change ? `id: ${change.cursor}\n` : '';
  const errors = result.errors?.map((error) => format(error.toJSON(), error));
  return `event: next\n${cursor}data: ${JSON.stringify(errors ? { ...result, errors } : result)}\n\n`;
}
