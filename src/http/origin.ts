import type { IncomingMessage } from 'node:http';

/** The log names a request by these. A WebSocket keeps them in place of its handshake, in whose headers tokens stand. */
export interface Origin {
  readonly reqId: string;
  readonly method: string | undefined;
  readonly path: string;
  readonly client: string;
}

/** The log of what is refused inside operations, by whichever door they come. */
export interface RefusalLog {
  originOf(request: IncomingMessage): Origin;
  /** `codes` as the client got them, `account` who asked. */
  refusedInside(origin: Origin, codes: readonly string[], account: string | undefined): void;
}
