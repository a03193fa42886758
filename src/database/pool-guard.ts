import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';

/** Acts on the connections of a pool. */
export interface PoolGuard {
  /** Those that are lent out. */
  readonly lent: ReadonlySet<PoolClient>;
  /** Cuts those that are lent out, so that the pool can end. A caller that waits for an answer on one gets an error. */
  cutLent(): void;
  /** Destroys a connection, lent out or idle; the pool makes another one. A caller that waits on it gets an error. */
  cut(client: PoolClient): void;
  /** Destroys every connection that nobody uses now. */
  cutIdle(): void;
}

/** The socket of a connection. */
export const socketOf = (client: PoolClient): Socket | undefined => {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown = connection instanceof EventEmitter ? Reflect.get(connection, 'stream') : undefined;
  return stream instanceof Socket ? stream : undefined;
};

/**
 * Takes a connection that breaks while it is lent out back into the pool, to be replaced. Kysely forgets such a
 * connection when the ROLLBACK on it fails (kysely#1990): each loss inside a transaction would make the pool smaller for
 * good, and its end would wait for ever. Call it before the pool makes its first connection.
 */
export function guardPool(pool: Pool): PoolGuard {
  const lent = new Set<PoolClient>();
  const open = new Set<PoolClient>();
  const takeBack = (client: PoolClient) => {
    if (!lent.has(client)) return;
    const release = client.release;
    // the borrower may still give it back, or never: both must be harmless
    client.release = () => undefined;
    release.call(client, true);
  };
  const cut = (client: PoolClient) => {
    takeBack(client);
    // The pool hears of an idle one by this error; a lent one would say goodbye first, and wait for the answer.
    socketOf(client)?.destroy(new Error('the connection was given up: nothing comes over it'));
  };
  pool.on('acquire', (client) => lent.add(client));
  pool.on('remove', (client) => open.delete(client));
  pool.on('release', (_error, client) => lent.delete(client));
  pool.on('connect', (client) => {
    open.add(client);
    client.on('error', () => takeBack(client));
    client.on('end', () => takeBack(client));
    onFarewell(client, () => takeBack(client));
  });
  return {
    lent,
    cut,
    cutLent: () => lent.forEach(takeBack),
    cutIdle: () => open.difference(lent).forEach(cut),
  };
}

/**
 * PostgreSQL says FATAL before it closes a session, in answer to a statement too. `pg` reports only the statement's
 * failure, and for a moment the session would be lent again, to fail the next borrower as well.
 */
function onFarewell(client: PoolClient, act: () => void): void {
  const connection: unknown = Reflect.get(client, 'connection');
  if (!(connection instanceof EventEmitter)) return;
  connection.on('errorMessage', (message: { severity?: string }) => message.severity === 'FATAL' && act());
}
