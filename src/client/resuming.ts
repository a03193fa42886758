import type { Client, ClientOptions } from 'graphql-ws';
import { Following, type Resync } from './following.ts';
import { iterate } from './iterate.ts';
import { watchPongs } from './pongs.ts';

export type { Resync } from './following.ts';

export interface ResumingOptions {
  /**
   * Some changes will not come any more: this follower was away for longer than the hub keeps them, or a backup was
   * restored. Read again what is public and show that. What is awaited from this function, where it is a string, is the
   * cursor to go on behind: the `asOf` of what was read, so that there is neither gap nor overlap. Else it goes on behind
   * `cursor`. If it throws, the subscription ends with that error.
   */
  onResync(resync: Resync): unknown;
  /** How long the hub may take to answer a ping of `keepAlive`, in milliseconds, before the connection counts as dead. */
  pongWithinMs?: number;
}

/**
 * Options for graphql-ws's `createClient` with which it never gives up: it comes back after any close that is no fault of the
 * app, within 10 seconds of the hub's return at the latest, and asks every 15 seconds whether the connection still is one.
 */
export const PATIENT = {
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: (retries) =>
    new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** retries, 10_000) * (0.5 + Math.random() / 2))),
  keepAlive: 15_000,
} satisfies Partial<ClientOptions>;

/**
 * A client of graphql-ws whose subscriptions to `changes` go on behind the last change that they told, whatever became of
 * the connection: each change once, in order. Give it to whatever takes a client: Apollo Client's GraphQLWsLink, urql,
 * Relay. A subscription must hand its variable `$after` to `changes` and select `cursor`; `subscribe` throws a TypeError
 * where there is no `$after`, and ends with one where no `cursor` comes.
 */
export function resuming(client: Client, { onResync, pongWithinMs = 10_000 }: ResumingOptions): Client {
  watchPongs(client, pongWithinMs);
  const subscribe: Client['subscribe'] = (payload, sink) => {
    const following = new Following({ client, payload, sink, onResync });
    following.begin();
    return () => following.stop();
  };
  return { ...client, subscribe, iterate: (payload) => iterate(subscribe, payload) };
}
