import { EventEmitter } from 'node:events';
import type { Pool, PoolClient } from 'pg';

/** Acts on the connections that are lent out. */
export interface PoolGuard {
  /** Cuts them, so that the pool can end. A caller that waits for an answer on one gets an error. */
  cutLent(): void;
}

/**
 * Takes a connection that breaks while it is lent out back into the pool, to be replaced. Kysely forgets such a
 * connection when the ROLLBACK on it fails (kysely#1990): each loss inside a transaction would make the pool smaller for
 * good, and its end would wait for ever. Call it before the pool makes its first connection.
 */
export function guardPool(pool: Pool): PoolGuard {
  const lent = new Set<PoolClient>();
  const takeBack = (client: PoolClient) => {
    if (!lent.has(client)) return;
    const release = client.release;
    // the borrower may still give it back, or never: both must be harmless
    client.release = () => undefined;
    release.call(client, true);
  };
  pool.on('acquire', (client) => lent.add(client));
  pool.on('release', (_error, client) => lent.delete(client));
  pool.on('connect', (client) => {
    client.on('error', () => takeBack(client));
    client.on('end', () => takeBack(client));
    onFarewell(client, () => takeBack(client));
  });
  return { cutLent: () => lent.forEach(takeBack) };
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
