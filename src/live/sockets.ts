import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { ErrorCode } from '../errors.ts';

/** How often every connection is asked whether it is still there: twice unanswered, it is cut. */
const BEAT_MS = 12_000;
/** How long a connection may take to say goodbye before it is cut. */
export const GOODBYE_MS = 2_000;

/**
 * Opens the WebSockets asked for at a path of an HTTP server; the function returned stops that. What cannot be opened is
 * refused in JSON, where ws by itself would answer HTML.
 */
export function receive(server: Server, sockets: WebSocketServer, path: string): () => void {
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] !== path) return refuse(stream, 404, 'NOT_FOUND', 'there is no WebSocket here');
    return sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request));
  };
  sockets.on('wsClientError', (error, stream) => refuse(stream, 400, 'BAD_REQUEST', error.message));
  server.on('upgrade', upgrade);
  return () => server.off('upgrade', upgrade);
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

/** Starts one timer that finds, for all connections, those whose other side is gone. End it with clearInterval. */
export function beat(sockets: WebSocketServer): NodeJS.Timeout {
  const silent = new WeakSet<WebSocket>();
  sockets.on('connection', (socket) => socket.on('pong', () => silent.delete(socket)));
  return setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) socket.terminate();
      else if (socket.readyState === socket.OPEN) {
        silent.add(socket);
        socket.ping();
      }
    }
  }, BEAT_MS);
}

/** Closes every connection with 1001 and lets no other in. Settles when all are gone, within a goodbye. */
export async function closeAll(sockets: WebSocketServer): Promise<void> {
  const gone = new Promise<void>((resolve) => sockets.close(() => resolve()));
  for (const socket of sockets.clients) socket.close(1001, 'Going away');
  await gone;
}
