import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import pg, { type Pool, type PoolClient } from 'pg';
import { afterAll, vi } from 'vitest';

/** A request that carries this header has its statements noted under the header's value. */
export const NOTED = 'x-noted-statements';

/** Node publishes here each request that a server of this process begins to handle. */
const REQUESTS = 'http.server.request.start';

/**
 * Notes what the hubs of this process send to PostgreSQL for such requests, over whichever session: a statement belongs to
 * the request in whose asynchronous context it is sent, so that what the clock and other requests do meanwhile is not
 * among them. Each statement is one round trip, BEGIN and COMMIT included. Call it before a hub starts; it answers how to
 * read the statements of a request, in their order.
 */
export function noteStatements(): (request: string) => readonly string[] {
  const noted = new Map<string, string[]>();
  const current = new AsyncLocalStorage<string[] | undefined>();
  const begin = (message: unknown) => {
    const { headers } = (message as { request: IncomingMessage }).request;
    const name = headers[NOTED];
    const statements: string[] | undefined = typeof name === 'string' ? [] : undefined;
    if (statements) noted.set(String(name), statements);
    current.enterWith(statements);
  };
  subscribe(REQUESTS, begin);
  const query: (...sent: unknown[]) => unknown = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...sent: unknown[]) {
    const [first] = sent;
    current.getStore()?.push(typeof first === 'string' ? first : String(Reflect.get(Object(first), 'text')));
    return query.apply(this, sent) as never;
  });
  afterAll(() => {
    unsubscribe(REQUESTS, begin);
    spy.mockRestore();
  });
  return (request) => noted.get(request) ?? [];
}

/** The statements that go through a pool from now on, in their order. Call it before the pool is used. */
export function statementsOf(pool: Pool): string[] {
  const statements: string[] = [];
  const watched = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const [first] = args as [string | { text: string }];
      statements.push(typeof first === 'string' ? first : first.text);
      return query(...args);
    }) as typeof client.query;
  });
  return statements;
}
