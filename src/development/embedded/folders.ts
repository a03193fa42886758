import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { mayEnter, type SystemAccount, serverAccount } from './account.ts';
import { lastingFolder, ownFolder } from './lasting-folder.ts';
import { StartFault } from './start-fault.ts';

/** The folders of one embedded database, and the account that runs it. */
export interface Folders {
  /** The cluster: PostgreSQL's data directory. */
  cluster: string;
  /** Holds the cluster; drafts of it are made here too. */
  home: string;
  socketDir: string;
  log: string;
  account: SystemAccount | undefined;
}

const POINTER = 'database-is-in';
/** The longest address of a Unix socket on every system we know, in bytes. */
const LONGEST_SOCKET = 103;

/**
 * Decides where the database of `dataDir` lives: in it, or, when root's helper account cannot enter it, in a folder of
 * its own under the lasting temp folder, which a pointer file in `dataDir` names. The answer is the same at every start.
 */
export async function databaseFolders(dataDir: string): Promise<Folders> {
  const { home, account } = await databaseHome(dataDir);
  const cluster = path.join(home, 'pg');
  await refuseForeign(cluster, account);
  return { home, cluster, account, log: path.join(home, 'postgres.log'), socketDir: await socketFolder(home, account) };
}

/** Removes the socket's folder where it had to be made in the temp folder. */
export async function removeSocketFolder({ home, socketDir }: Folders): Promise<void> {
  if (!socketDir.startsWith(home)) await rm(socketDir, { recursive: true, force: true });
}

async function databaseHome(dataDir: string): Promise<{ home: string; account: SystemAccount | undefined }> {
  const made = await mkdir(dataDir, { recursive: true });
  const root = process.getuid?.() === 0;
  if (made && root) await chmod(dataDir, 0o755);
  const real = await realpath(dataDir);
  const pointer = path.join(real, POINTER);
  const pointed = (await readFile(pointer, 'utf8').catch(() => '')).trim();
  if (pointed && (await lstat(pointed).catch(() => undefined))) {
    return { home: pointed, account: await serverAccount(path.join(pointed, 'pg')) };
  }
  const account = await serverAccount(path.join(real, 'pg'));
  if (mayEnter(real, account)) return { home: real, account };
  const home = await lastingFolder(`tocsin-data-${digest(real)}`);
  await writeFile(pointer, `${home}\n`);
  return { home, account: await serverAccount(path.join(home, 'pg')) };
}

async function refuseForeign(cluster: string, account: SystemAccount | undefined): Promise<void> {
  const owner = (await lstat(cluster).catch(() => undefined))?.uid;
  if (owner === undefined || owner === (account?.uid ?? process.getuid?.())) return;
  throw new StartFault(`${cluster} belongs to another user: start as that user, or give another TOCSIN_DATA_DIR`);
}

async function socketFolder(home: string, account: SystemAccount | undefined): Promise<string> {
  const inside = path.join(home, 'run');
  const fits = (folder: string) => Buffer.byteLength(path.join(folder, '.s.PGSQL.5432')) <= LONGEST_SOCKET;
  if (fits(inside)) {
    await mkdir(inside, { recursive: true, mode: 0o700 });
    if (account) await chown(inside, account.uid, account.gid);
    return inside;
  }
  const name = `tocsin-${digest(home)}`;
  const outside = path.join(os.tmpdir(), name);
  return ownFolder(fits(outside) ? outside : path.join('/tmp', name), 0o700, account);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
