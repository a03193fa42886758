import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, HubError, invalidInput } from '../../errors.ts';
import { type Documents, ReadDocument } from '../../graphql/documents.ts';
import { type ErrorFormat, formatAll } from '../../graphql/error-format.ts';
import { ChangeStream } from '../following/change-stream.ts';
import { spread } from '../following/drain.ts';
import { type Followers, PATIENCE_MS } from '../following/followers.ts';
import type { Spokesman } from '../following/greeting.ts';
import type { Selection } from '../following/rendering.ts';
import { EventStream, type EventStreamOptions, endSlowly, lastWords } from './event-stream.ts';

/**
 * Subscriptions as Server-Sent Events at /graphql/stream: the "distinct connections" mode of GraphQL over SSE, by GET and
 * POST. Each event carries its cursor as `id`, and `Last-Event-ID` goes on from there (D-9), so that a
 * browser's own EventSource resumes by itself. Changes are written by `Followers`; other subscriptions are pulled as the reader takes them.
 */
export interface SseOptions {
  documents: Documents;
  followers: Followers;
  /** Who asks, and until when the token holds; throws for a token that is not good. */
  connect(request: FastifyRequest): Promise<Spokesman>;
  format: ErrorFormat;
}

export interface SseEdge {
  readonly connections: number;
  /** How many streams were ended until now because their reader did not keep up. */
  readonly tooSlow: number;
  /**
   * Begins no stream any more and ends every one, spread over a window in milliseconds; each reader is told a moment of its
   * own to come back at.
   */
  drain(windowMs: number): Promise<void>;
}

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2_000;
const RETRY_LEAST_MS = 100;
/** The longest that a timer can wait. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

const request = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

interface Stream {
  response: ServerResponse;
  abort: AbortController;
}

export function mountSse(server: FastifyInstance, options: SseOptions): SseEdge {
  const open = new Set<Stream>();
  let draining = false;
  let tooSlow = 0;
  const onTooSlow = () => {
    tooSlow += 1;
  };
  const handle = async (asked: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (draining) return refuse(reply, [ending()], asked, options);
    const { context, expiresAt } = await options.connect(asked);
    const selection = readOperation(asked, options);
    if (!('args' in selection)) return refuse(reply, selection, asked, options);
    const args = { ...selection.args, contextValue: { ...context(), lastEventId: lastEventId(asked) } };
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return refuse(reply, source.errors ?? [], asked, options);
    const stream = begin(reply, expiresAt);
    open.add(stream);
    stream.response.once('close', () => open.delete(stream));
    if (source instanceof ChangeStream) share(stream, source, selection, { ...options, onTooSlow });
    else await pour(stream, source, args, { ...options, onTooSlow });
    return undefined;
  };
  server.get('/graphql/stream', handle);
  server.post('/graphql/stream', handle);
  const heart = setInterval(() => {
    for (const { response } of open) if (!response.writableEnded) response.write(':\n\n');
  }, HEARTBEAT_MS);
  return {
    get connections() {
      return open.size;
    },
    get tooSlow() {
      return tooSlow;
    },
    async drain(windowMs) {
      draining = true;
      await spread(open, windowMs, ({ response, abort }) => {
        if (response.writableEnded) return;
        response.write(`retry: ${RETRY_LEAST_MS + Math.round(Math.random() * Math.max(windowMs, RETRY_MS))}\n\n`);
        abort.abort();
      });
      clearInterval(heart);
    },
  };
}

/** The operation that is asked for. */
function readOperation(asked: FastifyRequest, options: SseOptions): Selection | readonly GraphQLError[] {
  const given = request.safeParse(asked.method === 'GET' ? fromAddress(asked.query) : asked.body);
  if (!given.success)
    throw invalidInput(given.error.issues.map(({ path, message }) => ({ path: path.join('.') || 'body', message })));
  const { query, variables, operationName } = given.data;
  const read = options.documents.read(query);
  if (!(read instanceof ReadDocument)) return read;
  const operation = read.operation(operationName);
  if (operation?.node.operation !== 'subscription')
    throw invalidInput([{ path: 'query', message: 'must be one subscription; ask queries and mutations at /graphql' }]);
  const { schema } = options.documents;
  return { operation, args: { schema, document: read.document, operationName, variableValues: variables } };
}

function lastEventId({ headers }: FastifyRequest): string | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' && given !== '' ? given : undefined;
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

/**
 * Refuses in JSON; but an EventSource reads no answer that is not 200. So whoever comes back by Last-Event-ID is told as an
 * event where it has to start over (and goes on from the fresh cursor), or to come again while the database is away.
 */
function refuse(
  reply: FastifyReply,
  errors: readonly GraphQLError[],
  asked: FastifyRequest,
  { format }: Pick<SseOptions, 'format'>,
): FastifyReply {
  const formatted = formatAll(errors, format);
  const { code, cursor } = formatted[0]?.extensions ?? {};
  if (lastEventId(asked) && (code === 'RESYNC_REQUIRED' || code === 'UNAVAILABLE'))
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(code === 'UNAVAILABLE' ? `retry: ${RETRY_MS}\n: ${code}\n\n` : lastWords(formatted, cursor));
  const status = String(code) in ERROR_CODES ? ERROR_CODES[code as ErrorCode] : 500;
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: formatted }));
}

/** What a reader is told who comes while the hub is about to end. */
const ending = (): GraphQLError => {
  const error = new HubError('UNAVAILABLE', 'this hub is about to end: come back in a moment');
  return new GraphQLError(error.message, { originalError: error });
};

/** Starts the answer; it ends with its reader, with its token, or with the hub. */
function begin(reply: FastifyReply, expiresAt: Date | null): Stream {
  reply.hijack();
  const { raw: response } = reply;
  const abort = new AbortController();
  const stop = () => abort.abort();
  const expiry =
    expiresAt && setTimeout(stop, Math.min(Math.max(expiresAt.getTime() - Date.now(), 0), LONGEST_WAIT_MS));
  response.on('close', stop);
  response.on('error', stop);
  abort.signal.addEventListener('abort', () => {
    if (expiry) clearTimeout(expiry);
    response.end();
  });
  const headers = Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined));
  response.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    // A stream ends with its connection: kept alive, it would hold up the hub's own end.
    connection: 'close',
  });
  response.write(`retry: ${RETRY_MS + Math.round(Math.random() * RETRY_MS)}\n\n`);
  return { response, abort };
}

type Told = Pick<SseOptions, 'format' | 'followers'> & Pick<EventStreamOptions, 'onTooSlow'>;

/** Lets a reader of changes follow with all others. */
function share({ response, abort }: Stream, source: ChangeStream, selection: Selection, options: Told): void {
  const format = (error: HubError) => options.format({ message: error.message }, error);
  const leave = options.followers.join(source, selection, new EventStream(response, { ...options, format }));
  abort.signal.addEventListener('abort', leave);
  if (abort.signal.aborted) leave();
}

/** Writes what comes as the reader takes it, until either side ends. */
async function pour(
  { response, abort }: Stream,
  source: AsyncIterable<unknown>,
  args: ExecutionArgs,
  options: Told,
): Promise<void> {
  const events = source[Symbol.asyncIterator]();
  // Whoever waits for the next one is woken by ending the source.
  abort.signal.addEventListener('abort', () => void events.return?.(), { once: true });
  try {
    for await (const rootValue of { [Symbol.asyncIterator]: () => events }) {
      if (abort.signal.aborted || response.writableEnded) break;
      const result = await execute({ ...args, rootValue });
      if (!response.write(eventOf(result, options))) await drained(response, abort.signal, options);
    }
    if (!abort.signal.aborted && !response.writableEnded) response.write('event: complete\ndata: \n\n');
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    abort.abort();
  }
}

/** Waits until a reader has taken what waits; lets go of one who does not. */
async function drained(response: ServerResponse, signal: AbortSignal, { onTooSlow }: Told): Promise<void> {
  const patience = setTimeout(() => {
    onTooSlow();
    endSlowly(response);
  }, PATIENCE_MS);
  await once(response, 'drain', { signal }).finally(() => clearTimeout(patience));
}

function eventOf(result: ExecutionResult, { format }: Pick<SseOptions, 'format'>): string {
  const { errors } = result;
  return `event: next\ndata: ${JSON.stringify(errors ? { ...result, errors: formatAll(errors, format) } : result)}\n\n`;
}
