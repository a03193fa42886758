import pg from 'pg';

/** `name` stands in pg_stat_activity: `tocsin tail`, `tocsin leader`. */
export interface SessionOptions {
  url: string;
  name: string;
}

/**
 * Opens a session of its own, outside the pool: for LISTEN, for a lock that lives as long as its session. The caller
 * ends it, and listens to its `end` event to learn that it was lost; an `error` event alone does no harm.
 * Throws when PostgreSQL does not answer within five seconds.
 */
export async function openSession({ url, name }: SessionOptions): Promise<pg.Client> {
  const session = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  session.on('error', () => undefined);
  try {
    await session.connect();
    return session;
  } catch (error) {
    await session.end().catch(() => undefined);
    throw error;
  }
}
