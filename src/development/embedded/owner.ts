import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { SUPERUSER } from './cluster.ts';
import type { Postmaster } from './postmaster.ts';
import { StartFault } from './start-fault.ts';

/** The hub that holds this session lock in the maintenance database owns the server. */
const OWNER_LOCK = 7_463_846_901;
/** How long a server may be without an owner before it counts as an orphan: longer than any hub takes to claim its own. */
const GRACE_MS = 2_000;

/** The hub's session that marks the server as its own. */
export interface Ownership {
  /** Settles when the session is lost: the server died, or somebody ended the session. */
  lost: Promise<void>;
  release(): Promise<void>;
}

/** The address of a database of the embedded server; safe for folders with spaces, accents and quotes. */
export const embeddedUrl = (socketDir: string, database: string): string =>
  `postgresql://${SUPERUSER}@${encodeURIComponent(socketDir)}/${encodeURIComponent(database)}`;

/**
 * Takes the lock that says the server is this hub's, waiting for it to accept sessions first (crash recovery included).
 * `mark` is the setting that this hub's own server was started with: of two hubs that start at once, one finds the other's.
 * Throws when `stillStarting` says no, or the server is another's.
 */
export async function claim(socketDir: string, mark: string, stillStarting: () => boolean): Promise<Ownership> {
  const session = await connectWhenReady(socketDir, stillStarting);
  try {
    const { rows } = await session.query("select current_setting('tocsin.hub', true) as mark");
    if (rows[0].mark !== mark) throw new StartFault(`the PostgreSQL in ${socketDir} is another hub's`);
    await session.query("set lock_timeout = '10s'");
    await session.query('select pg_advisory_lock($1)', [OWNER_LOCK]);
  } catch (error) {
    await session.end();
    throw error;
  }
  return { lost: new Promise((resolve) => session.once('end', resolve)), release: () => session.end() };
}

/**
 * Whether a hub owns the running server; false for an orphan, whose hub and supervisor were both killed, and for a
 * server that ends while we look (`look` answers undefined). PostgreSQL tells where its socket is a while after its process has
 * begun, so each look asks anew. Throws a StartFault when it accepts no session for a minute.
 */
export async function isOwned(look: () => Promise<Postmaster | undefined>): Promise<boolean> {
  const start = performance.now();
  let freeSince: number | undefined;
  for (let server = await look(); server; server = await look()) {
    const { pid, socketDir } = server;
    const state = socketDir === '' ? 'unready' : await probe(socketDir);
    if (state === 'owned') return true;
    freeSince = state === 'free' ? (freeSince ?? performance.now()) : undefined;
    if (freeSince !== undefined && performance.now() - freeSince > GRACE_MS) return false;
    if (performance.now() - start > 60_000) throw new StartFault(`the PostgreSQL ${pid} accepts no session`);
    await pause(100);
  }
  return false;
}

/** Makes the database unless it is there. */
export async function ensureDatabase(socketDir: string, name: string): Promise<void> {
  const session = await connectWhenReady(socketDir, () => false);
  try {
    const { rowCount } = await session.query('select from pg_database where datname = $1', [name]);
    if (!rowCount) await session.query(`create database ${pg.escapeIdentifier(name)}`);
  } finally {
    await session.end();
  }
}

async function probe(socketDir: string): Promise<'owned' | 'free' | 'unready'> {
  const session = await connect(socketDir);
  if (!session) return 'unready';
  try {
    const { rows } = await session.query('select pg_try_advisory_lock($1) as free', [OWNER_LOCK]);
    return rows[0].free ? 'free' : 'owned';
  } catch (error) {
    if (isUnready(error)) return 'unready';
    throw error;
  } finally {
    await session.end();
  }
}

async function connectWhenReady(socketDir: string, stillStarting: () => boolean): Promise<pg.Client> {
  for (;;) {
    const session = await connect(socketDir);
    if (session) return session;
    if (!stillStarting()) throw new StartFault(`the PostgreSQL in ${socketDir} accepts no session`);
    await pause(25);
  }
}

/** A session in the maintenance database; undefined when the server is not there, not yet ready, or on its way out. */
async function connect(socketDir: string): Promise<pg.Client | undefined> {
  const session = new pg.Client({
    connectionString: embeddedUrl(socketDir, 'postgres'),
    connectionTimeoutMillis: 5_000,
  });
  session.on('error', () => undefined);
  try {
    await session.connect();
    return session;
  } catch (error) {
    await session.end().catch(() => undefined);
    if (isUnready(error)) return undefined;
    throw error;
  }
}

// no socket, nobody behind it, cut while we spoke, starting up or shutting down, session ended by the administrator
const UNREADY = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'];

function isUnready(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return UNREADY.includes(code ?? '') || /terminated|timeout/.test(message ?? '');
}
