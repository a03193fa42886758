/** The bounds by which somebody may be refused, as settings, `limit.name` and the metrics have them; 0: without that bound. */
export interface AllowanceLimits {
  /** Points a second (one is about 1 µs of CPU) of each person or machine with a token. */
  readonly identityPoints: number;
  /** The same of all clients without a token at one address. */
  readonly addressPoints: number;
  /** The same of all clients without a token together: the rest is the desk's. */
  readonly anonymousPoints: number;
  /** WebSockets and event streams open at a time at one address. */
  readonly addressStreams: number;
  /** WebSockets and event streams that one address may open in a second. */
  readonly addressHandshakes: number;
  /** Tokens that are not good, a second, of one address. */
  readonly failedTokens: number;
  /** Points of its share that each WebSocket gets back in a second, beside all others at its address. */
  readonly connectionPoints: number;
  /** Subscriptions to push that one address may save in an hour. */
  readonly pushSaves: number;
  /** Points of a full share; no bound of its own. */
  readonly connectionBurst: number;
}

/** For tests and tools: nobody is refused. */
export const NO_LIMITS: AllowanceLimits = {
  identityPoints: 0,
  addressPoints: 0,
  anonymousPoints: 0,
  addressStreams: 0,
  addressHandshakes: 0,
  failedTokens: 0,
  connectionPoints: 0,
  pushSaves: 0,
  connectionBurst: 500,
};

export type Bound = Exclude<keyof AllowanceLimits, 'connectionBurst'>;
