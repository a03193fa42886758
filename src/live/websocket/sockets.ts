import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { ERROR_CODES, HubError } from '../../errors.ts';
import { refuseConnection } from '../../http/refusal.ts';
import type { OpenStream } from '../following/caller.ts';
import { stagger } from '../following/stagger.ts';

/** How often each client gets a ping: a connection without an answer until the next one is cut. */
const BEAT_MS = 12_000;
/** The end of each time that a client has: it begins when the hub has nothing else to do, and so has read what arrived while it was held up. */
export const LAST_LOOK_MS = 200;
/** How long a client may take to answer the close frame before its connection is cut. */
const GOODBYE_MS = 2_000;
/** The same for a client that does not keep up: it has something to read before it comes to the close frame. */
export const SLOW_GOODBYE_MS = 30_000;
/** How much longer than the window a connection stays open while it waits for the answer to a mutation. */
const ANSWER_MS = 5_000;
const LOOK_MS = 20;

/** The close code that RFC 6455 calls "service restart": come back, another process answers, or soon will. */
const SERVICE_RESTART = 1012;

/**
 * Opens the WebSockets of an HTTP server that upgrades what `opensWebSocket` lets through, until the function returned is
 * called; then it refuses them. A refusal is JSON; ws by itself would answer HTML.
 */
export function receive(server: Server, sockets: WebSocketServer, openStream: OpenStream): () => void {
  let closing = false;
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (closing) return refuseConnection(stream, 503, 'UNAVAILABLE', 'this hub is about to end: come back in a moment');
    const closed = admitted(request, stream, openStream);
    if (!closed) return;
    stream.once('close', closed);
    sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request, head.length));
  };
  sockets.on('wsClientError', (error, stream) => refuseConnection(stream, 400, 'BAD_REQUEST', error.message));
  server.on('upgrade', upgrade);
  return () => {
    closing = true;
  };
}

/** Counts a handshake, or refuses it (undefined). */
function admitted(request: IncomingMessage, stream: Duplex, openStream: OpenStream): (() => void) | undefined {
  try {
    return openStream(request);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    refuseConnection(stream, ERROR_CODES[error.code], error.code, error.message, error.facts);
    return undefined;
  }
}

/** A close frame has 125 bytes, two of them for the code. */
const REASON_BYTES = 123;

/** The reason of a close frame, cut where it is too long for one: it may repeat what the client sent, such as a long id. */
export function shortReason(reason: string): string {
  if (Buffer.byteLength(reason) <= REASON_BYTES) return reason;
  // Whole characters alone, with three bytes left for the ellipsis.
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(REASON_BYTES - 3));
  return `${reason.slice(0, read)}…`;
}

/** Connections that were said goodbye to: a client that goes on breaking the protocol gets no timer for each message. */
const leaving = new WeakSet<WebSocket>();

/** Closes a connection, and cuts it if the client does not answer. */
export function sayGoodbye(socket: WebSocket, code?: number, reason?: string): void {
  if (leaving.has(socket)) return;
  leaving.add(socket);
  socket.close(code, reason && shortReason(reason));
  const cut = setTimeout(() => socket.terminate(), GOODBYE_MS);
  socket.once('close', () => clearTimeout(cut));
}

/** How the network takes what is written to a connection. */
export interface Flow {
  /** Whether something waits that the network has not taken yet. */
  readonly isWaiting: boolean;
  /** Bytes that the network has taken. */
  readonly taken: number;
  /** Closes a client that takes nothing. */
  closeTooSlow(): void;
}

/**
 * Starts one timer for all connections that finds those whose client is gone. End it with clearInterval. If more waits than
 * the network takes, the client's answer to the ping stands behind it: a client that goes on reading is left alone,
 * however slow, and one that does not is closed as too slow, since it is not gone.
 */
export function beat(sockets: WebSocketServer, flowOf: (socket: WebSocket) => Flow): NodeJS.Timeout {
  /** The sockets without an answer yet: what the network had taken at the last ping, if more waited then. */
  const silent = new WeakMap<WebSocket, number | undefined>();
  // One listener for all of them.
  const onPong = function (this: WebSocket): void {
    silent.delete(this);
  };
  sockets.on('connection', (socket) => socket.on('pong', onPong));
  const look = (): void => {
    for (const socket of sockets.clients) {
      // A connection that is closing has its own timer.
      if (socket.readyState !== socket.OPEN) continue;
      const flow = flowOf(socket);
      if (!silent.has(socket)) socket.ping();
      else {
        const before = silent.get(socket);
        const reads = before === undefined ? flow.isWaiting : flow.taken > before;
        if (!reads) {
          if (flow.isWaiting) flow.closeTooSlow();
          else socket.terminate();
          continue;
        }
      }
      silent.set(socket, flow.isWaiting ? flow.taken : undefined);
    }
  };
  return setInterval(() => void setTimeout(look, LAST_LOOK_MS).unref(), BEAT_MS);
}

/**
 * Closes every connection with 1012, staggered over a window in milliseconds, and accepts no other. A connection that waits
 * for an answer (`busy`) stays open until it has it. Settles when all are gone, soon after the last close frame.
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
  await stagger(sockets.clients, windowMs, close);
  await gone;
}
