import { findBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { databaseFolders, removeSocketFolder } from './folders.ts';
import { keepAlive } from './keep-alive.ts';
import { launch } from './launch.ts';
import { embeddedUrl, ensureDatabase } from './owner.ts';

export { StartFault } from './start-fault.ts';

export interface EmbeddedOptions {
  /** The database lives in this folder, made if need be. */
  dataDir: string;
  /** The database's name; `tocsin` when not given. */
  database?: string;
  /** false gives up writing to the disk in time: for tests, whose data may be lost in a power cut. */
  durable?: boolean;
  /** Called with one line when the server is lost later, or started again. */
  log?: (line: string) => void;
}

export interface EmbeddedDatabase {
  /** A PostgreSQL URL; it stays the same while the server is started again. */
  url: string;
  /** Stops the server and returns when its last process is gone. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL of our own on a Unix socket, as any user, root included; makes its files the first time.
 * It ends with this process, however this process ends, and is started again if it dies alone. It clears what earlier
 * kills left behind: stale locks, a server without a hub. Throws a StartFault (words to show) when another hub uses the
 * folder, or PostgreSQL cannot run here. The `pg` package heeds PG* variables of the environment: drop them first.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { dataDir, database = 'tocsin', durable = true, log = () => undefined } = options;
  const folders = await databaseFolders(dataDir);
  const binaries = await findBinaries(folders.account);
  await ensureCluster(folders, binaries, durable);
  const start = () => launch(folders, binaries, settings(folders.socketDir, durable));
  const server = keepAlive(await start(), start, log);
  const stop = async () => {
    await server.stop();
    await removeSocketFolder(folders);
  };
  try {
    await ensureDatabase(folders.socketDir, database);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: embeddedUrl(folders.socketDir, database), stop };
}

function settings(socketDir: string, durable: boolean): Record<string, string> {
  return {
    listen_addresses: '',
    // a list of folders: quoted, so that a comma or a space in the path does not make two of them
    unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
    port: '5432',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    wal_level: 'minimal',
    max_wal_senders: '0',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '256MB' }),
  };
}
