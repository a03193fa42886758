import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createSourceEventStream, type GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Bodies } from '../../allowance/bodies.ts';
import { POINTS, pointsOfEvent, pointsToHear, pointsToParse } from '../../allowance/points.rules.ts';
import { HubError } from '../../errors.ts';
import type { Documents } from '../../graphql/documents.ts';
import { type ErrorFormat, formatAll, graphqlError, refusalsIn } from '../../graphql/error-format.ts';
import type { RefusalLog } from '../../http/origin.ts';
import { type Caller, type OpenStream, whenOver } from '../following/caller.ts';
import { ChangeStream } from '../following/change-stream.ts';
import type { Followers } from '../following/followers.ts';
import type { ChangeSelection } from '../following/rendering.ts';
import { stagger } from '../following/stagger.ts';
import { EventStream } from './event-stream.ts';
import { type PulledEventsOptions, pullEvents } from './pulled-events.ts';
import {
  aboutToEnd,
  acceptsEvents,
  lastEventId,
  queryIn,
  RETRY_MS,
  readStreamRequest,
  refuseMediaType,
  refuseStream,
} from './stream-request.ts';

/**
 * Subscriptions as Server-Sent Events at /graphql/stream: the "distinct connections" mode of GraphQL over SSE, by GET and
 * POST. Each event carries its cursor as `id`, and `Last-Event-ID` goes on from there (D-9), so that a browser's own
 * EventSource resumes by itself. Changes are written by `Followers`; other subscriptions are pulled as the reader takes
 * them.
 */
export interface SseOptions {
  documents: Documents;
  followers: Followers;
  /** Finds the caller by the token of the request; throws for a token that is not valid. */
  connect(request: FastifyRequest): Promise<Caller>;
  openStream: OpenStream;
  /** The bodies of requests, and how much is still to be paid for each. */
  bodies: Bodies;
  format: ErrorFormat;
  refusals: RefusalLog;
}

export interface SseEdge {
  readonly connections: number;
  /** How many streams were ended until now because their reader did not keep up. */
  readonly tooSlow: number;
  /** Begins no stream any more and ends every one, staggered over a window in milliseconds, with a `retry` of its own each. */
  drain(windowMs: number): Promise<void>;
}

const HEARTBEAT_MS = 15_000;
const RETRY_LEAST_MS = 100;
/** Statuses of refusals that are no line of the log by themselves. */
const UNTOLD = new Set([200, 401]);

interface Stream {
  response: ServerResponse;
  abort: AbortController;
  payer: Caller['payer'];
}

export function mountSse(server: FastifyInstance, options: SseOptions): SseEdge {
  const { documents, followers, format, refusals } = options;
  const open = new Set<Stream>();
  let draining = false;
  let tooSlow = 0;
  const onTooSlow = () => {
    tooSlow += 1;
  };
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!acceptsEvents(request)) return refuseMediaType(reply, format);
    if (draining) return refuseStream(reply, formatAll([aboutToEnd()], format), request);
    const { caller, closed } = await admitted(options, request);
    reply.raw.once('close', closed);
    const context = caller.context();
    const onErrors = (formatted: readonly GraphQLFormattedError[]) => {
      const codes = refusalsIn(formatted);
      if (codes.length > 0) refusals.refusedInside(refusals.originOf(request.raw), codes, context.actor?.id);
    };
    const refuse = (errors: readonly GraphQLError[]) =>
      refuseInside({ request, reply }, formatAll(errors, format), onErrors);
    const spent = spentFault(options, caller, request);
    if (spent) return refuse([spent]);
    const selection = readStreamRequest(request, documents);
    if (!('args' in selection)) return refuse(selection);
    const tooDear = documents.costFault(selection.operation, selection.args.variableValues, context.actor);
    if (tooDear) return refuse([graphqlError(tooDear)]);
    const args = { ...selection.args, contextValue: { ...context, lastEventId: lastEventId(request) } };
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return refuse(source.errors ?? []);
    const stream = begin(reply, caller);
    open.add(stream);
    stream.response.once('close', () => open.delete(stream));
    if (source instanceof ChangeStream) follow(stream, source, selection, { followers, format, onTooSlow });
    else await pullEvents(stream, source, args, { format, onTooSlow, onErrors, pay: paidBy(caller) });
    return undefined;
  };
  const handleOrRefuse = (request: FastifyRequest, reply: FastifyReply) =>
    handle(request, reply).catch((error: unknown) => {
      // An EventSource has to be told when to come back; every other error is answered as everywhere.
      if (!(error instanceof HubError) || error.code !== 'TOO_MANY_REQUESTS') throw error;
      return refuseStream(reply, formatAll([graphqlError(error)], format), request);
    });
  server.get('/graphql/stream', handleOrRefuse);
  server.post('/graphql/stream', handleOrRefuse);
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
      await stagger(open, windowMs, (stream) => sendAway(stream, windowMs)).finally(() => clearInterval(heart));
    },
  };
}

/** Finds the caller and counts the stream; `closed` says that it is over. Throws TOO_MANY_REQUESTS. */
async function admitted(
  { connect, openStream }: Pick<SseOptions, 'connect' | 'openStream'>,
  request: FastifyRequest,
): Promise<{ caller: Caller; closed: () => void }> {
  const closed = openStream(request.raw);
  try {
    return { caller: await connect(request), closed };
  } catch (error) {
    closed();
    throw error;
  }
}

/** Why a caller may follow nothing now: there is nothing left to spend. It pays before its document is read, as over a WebSocket. */
function spentFault(
  { bodies, documents }: Pick<SseOptions, 'bodies' | 'documents'>,
  { payer }: Caller,
  request: FastifyRequest,
): GraphQLError | undefined {
  const query = queryIn(request);
  const unseen = documents.find(query) ? 0 : query.length;
  const address = request.method === 'GET' ? pointsToHear(request.url.length) : 0;
  try {
    bodies.hear(request.raw, payer, address + POINTS.subscribed + pointsToParse(unseen));
    return undefined;
  } catch (error) {
    if (error instanceof HubError) return graphqlError(error);
    throw error;
  }
}

const paidBy =
  ({ payer }: Caller) =>
  (budget: Parameters<typeof pointsOfEvent>[0]): void =>
    payer.spend(pointsOfEvent(budget));

/** Refuses an operation of a caller who is known. Has the log told where no status tells it: 401 tells of tokens elsewhere. */
function refuseInside(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  formatted: readonly GraphQLError[],
  onErrors: (formatted: readonly GraphQLError[]) => void,
): FastifyReply {
  const refused = refuseStream(reply, formatted, request);
  if (UNTOLD.has(refused.statusCode)) onErrors(formatted);
  return refused;
}

/** Starts the answer; it ends with its reader, with the caller's token, when the caller's account changes, or with the hub. */
function begin(reply: FastifyReply, caller: Caller): Stream {
  reply.hijack();
  const { raw: response } = reply;
  const abort = new AbortController();
  const stop = () => abort.abort();
  response.on('close', stop);
  response.on('error', stop);
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
  const leave = whenOver(caller, stop);
  const end = () => {
    leave?.();
    response.end();
  };
  if (abort.signal.aborted) end();
  else abort.signal.addEventListener('abort', end);
  return { response, abort, payer: caller.payer };
}

/** Writes changes to a stream together with all other followers. */
function follow(
  { response, abort, payer }: Stream,
  source: ChangeStream,
  selection: ChangeSelection,
  { followers, format, onTooSlow }: Pick<PulledEventsOptions, 'format' | 'onTooSlow'> & Pick<SseOptions, 'followers'>,
): void {
  const formatOne = (error: HubError) => format({ message: error.message }, error);
  const leave = followers.join(source, selection, new EventStream(response, { format: formatOne, onTooSlow, payer }));
  abort.signal.addEventListener('abort', leave);
  if (abort.signal.aborted) leave();
}

function sendAway({ response, abort }: Stream, windowMs: number): void {
  if (response.writableEnded) return;
  response.write(`retry: ${RETRY_LEAST_MS + Math.round(Math.random() * Math.max(windowMs, RETRY_MS))}\n\n`);
  abort.abort();
}
