import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { ErrorCode } from '../../errors.ts';
import { spread } from '../following/drain.ts';

/** How often every connection is asked whether it is still there: one that has not answered until the next time is cut. */
const BEAT_MS = 12_000;
/** How long a connection may take to say goodbye before it is cut. */
const GOODBYE_MS = 2_000;
/** The same for readers who do not keep up: there is something to read before they come to the goodbye. */
export const SLOW_GOODBYE_MS = 30_000;
/** How long a connection that was to be closed may still wait for the answer to a mutation. */
const ANSWER_MS = 5_000;
const LOOK_MS = 20;

/** What RFC 6455 calls "service restart": come back, there is, or soon will be, somebody else. */
const SERVICE_RESTART = 1012;

/**
 * Opens the WebSockets asked for at a path of an HTTP server; from the call of the function returned on, they are refused.
 * What cannot be opened is refused in JSON, where ws by itself would answer HTML.
 */
export function receive(server: Server, sockets: WebSocketServer, path: string): () => void {
  let closing = false;
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (closing) return refuse(stream, 503, 'UNAVAILABLE', 'this hub is about to end: come back in a moment');
    if (request.url?.split('?')[0] !== path) return refuse(stream, 404, 'NOT_FOUND', 'there is no WebSocket here');
    return sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request));
  };
  sockets.on('wsClientError', (error, stream) => refuse(stream, 400, 'BAD_REQUEST', error.message));
  server.on('upgrade', upgrade);
  return () => {
    closing = true;
  };
}

function refuse(stream: Duplex, status: number, code: ErrorCode, message: string): void {
  stream.on('error', () => stream.destroy());
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Closes a connection, and cuts it where it does not answer. */
export function sayGoodbye(socket: WebSocket, code?: number, reason?: string): void {
  socket.close(code, reason);
  const cut = setTimeout(() => socket.terminate(), GOODBYE_MS);
  socket.once('close', () => clearTimeout(cut));
}

/** What the network does with what is written to a connection. */
export interface Flow {
  /** Whether something waits that it has not taken yet. */
  readonly isWaiting: boolean;
  /** Bytes that it has taken. */
  readonly taken: number;
  /** Lets go of a reader who takes nothing. */
  tooSlow(): void;
}

/**
 * Starts one timer that finds, for all connections, those whose other side is gone. End it with clearInterval. Where more
 * waits than the network takes, the answer stands behind it: whoever goes on reading is left alone, however slow, and who
 * does not is too slow, and not gone.
 */
export function beat(sockets: WebSocketServer, flowOf: (socket: WebSocket) => Flow): NodeJS.Timeout {
  /** Those who have not answered: what the network had taken when they were last asked, if more waited then. */
  const silent = new WeakMap<WebSocket, number | undefined>();
  // One listener for all of them.
  const onPong = function (this: WebSocket): void {
    silent.delete(this);
  };
  sockets.on('connection', (socket) => socket.on('pong', onPong));
  return setInterval(() => {
    for (const socket of sockets.clients) {
      // A goodbye has its own end.
      if (socket.readyState !== socket.OPEN) continue;
      const flow = flowOf(socket);
      if (!silent.has(socket)) socket.ping();
      else {
        const before = silent.get(socket);
        const reads = before === undefined ? flow.isWaiting : flow.taken > before;
        if (!reads) {
          if (flow.isWaiting) flow.tooSlow();
          else socket.terminate();
          continue;
        }
      }
      silent.set(socket, flow.isWaiting ? flow.taken : undefined);
    }
  }, BEAT_MS);
}

/**
 * Closes every connection with 1012, spread over a window in milliseconds, and lets no other in. One that waits for an
 * answer (`busy`) is left until it has it. Settles when all are gone, within a goodbye of the last.
 */
export async function closeAll(
  sockets: WebSocketServer,
  windowMs: number,
  busy: (socket: WebSocket) => boolean,
): Promise<void> {
  const gone = new Promise<void>((resolve) => sockets.close(() => resolve()));
  const patient = Date.now() + windowMs + ANSWER_MS;
  const close = (socket: WebSocket): void => {
    if (busy(socket) && Date.now() < patient) setTimeout(close, LOOK_MS, socket);
    else sayGoodbye(socket, SERVICE_RESTART, 'Service restart');
  };
  await spread(sockets.clients, windowMs, close);
  await gone;
}
