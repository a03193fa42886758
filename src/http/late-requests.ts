import type { Server } from 'node:http';

/** How long a client may take to send the head of a request, and all of it; how often it is looked who is late. In milliseconds. */
export interface ArrivalTimes {
  readonly headMs: number;
  readonly requestMs: number;
  /** The server's `connectionsCheckingInterval`. */
  readonly lookMs: number;
}

/**
 * Has a server refuse late requests (408), and no client for a hub that was held up. Node.js compares with the clock, before it reads:
 * to a hub that got no CPU for as long, each request that lies in the kernel is late. This counts looks in place of seconds. A look comes
 * after what had arrived was read, and however late it comes, it is one: a client is late whom enough of them have seen.
 */
export function refuseLateRequests(server: Server, { headMs, requestMs, lookMs }: ArrivalTimes): void {
  const looks: number[] = [];
  const most = Math.ceil(Math.max(headMs, requestMs) / lookMs) + 1;
  const look = (): void => {
    looks.push(performance.now());
    if (looks.length > most) looks.shift();
  };
  /** For how long a client has been sending whom as many looks have seen as make up this time; 0, by which nobody is late, before there were so many. */
  const seenFor = (ms: number): number => {
    const first = looks.at(-1 - Math.ceil(ms / lookMs));
    return first === undefined ? 0 : Math.ceil(performance.now() - first);
  };
  // Node.js reads both each time that it checks its connections.
  Object.defineProperties(server, {
    headersTimeout: { get: () => seenFor(headMs) },
    requestTimeout: { get: () => seenFor(requestMs) },
  });
  // The event loop reads between a timer and an immediate.
  const looking = setInterval(() => setImmediate(look), lookMs).unref();
  server.once('close', () => clearInterval(looking));
}
