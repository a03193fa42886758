import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

interface Known {
  readonly raw: readonly string[];
  readonly headers: Readonly<IncomingHttpHeaders>;
}

const known = new WeakMap<Socket, Known>();

/**
 * The headers of a request. A client that keeps its connection sends the same ones each time: those of the request before
 * are taken if every one is the same, since parsing them costs a part of what answering does.
 */
export function headersOf(request: IncomingMessage): Readonly<IncomingHttpHeaders> {
  const { rawHeaders: raw, socket } = request;
  const before = known.get(socket);
  if (before && isSame(before.raw, raw)) return before.headers;
  const { headers } = request;
  known.set(socket, { raw, headers });
  return headers;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean => {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
};
