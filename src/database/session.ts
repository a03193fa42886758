import pg from 'pg';

/** `name` stands in pg_stat_activity: `tocsin tail`, `tocsin leader`. */
export interface SessionOptions {
  url: string;
  name: string;
  /** How long PostgreSQL may take to answer, in milliseconds: five seconds unless the caller has more patience. */
  waitMs?: number | undefined;
}

/** How long a caller waits for a session, the making of one included, before it gets an error. */
export const CONNECT_MS = 5_000;

/** How long those who start have patience with PostgreSQL, which may start with them, on a machine that has much else to do. */
export const START_MS = 30_000;

/** PostgreSQL's own side: it frees what a session holds about 25 s after the hub's machine has gone without a word. */
const SERVER_SETTINGS = [
  'tcp_keepalives_idle=10',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
  'tcp_user_timeout=15000',
];

/** How both sides of every session of the hub, in the pool or by itself, find out that the other one has gone. */
export const sessionSettings = (url: string) => ({
  connectionString: withServerSettings(url),
  connectionTimeoutMillis: CONNECT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
});

/**
 * Adds the settings of PostgreSQL's side to a URL. The options that the URL names come after them, so that the
 * operator's hold; PGOPTIONS does not reach this far.
 */
function withServerSettings(url: string): string {
  const address = URL.parse(url);
  if (!address) return url;
  const given = address.searchParams.get('options') ?? '';
  const ours = SERVER_SETTINGS.map((setting) => `-c ${setting}`).join(' ');
  address.searchParams.set('options', `${ours} ${given}`.trim());
  return address.href;
}

/**
 * Opens a session of its own, outside the pool: for a lock that lives as long as its session, for a migration. The caller
 * ends it, and listens to its `end` event to learn that it was lost; an `error` event alone does no harm. Its statements may
 * take as long as they like. Throws when PostgreSQL does not answer within `waitMs`.
 */
export async function openSession({ url, name, waitMs = CONNECT_MS }: SessionOptions): Promise<pg.Client> {
  const session = new pg.Client({ ...sessionSettings(url), connectionTimeoutMillis: waitMs, application_name: name });
  session.on('error', () => undefined);
  try {
    await session.connect();
    return session;
  } catch (error) {
    await session.end().catch(() => undefined);
    throw error;
  }
}
