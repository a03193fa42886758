import { execFile } from 'node:child_process';
import { chown, lstat, mkdir, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { asAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Folders } from './folders.ts';
import { exists } from './processes.ts';
import { StartFault } from './start-fault.ts';

const run = promisify(execFile);
const NEEDED_MB = 64;

/** PostgreSQL's superuser in the embedded database. Only an account that may enter the socket's folder can connect. */
export const SUPERUSER = 'tocsin';

// The collation is PostgreSQL's own, so that a change of the machine's libraries can never corrupt an index.
const INITDB = [
  `--username=${SUPERUSER}`,
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--text-search-config=simple',
  '--no-instructions',
];

/**
 * Makes the cluster unless it exists. It appears whole or not at all: a kill, a full disk or a second start in the same
 * folder leave a draft behind that the next start sweeps. Throws a StartFault that names the folder and the reason.
 */
export async function ensureCluster(folders: Folders, binaries: Binaries, durable: boolean): Promise<void> {
  await sweepDrafts(folders.home);
  const version = await readFile(path.join(folders.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) return create(folders, binaries, durable);
  if (Number(version) !== binaries.major) {
    throw new StartFault(
      `${folders.cluster} was made by PostgreSQL ${version.trim()}, this is ${binaries.major}: move the folder away, or give DATABASE_URL`,
    );
  }
}

async function create({ home, cluster, account }: Folders, binaries: Binaries, durable: boolean): Promise<void> {
  const { bavail, bsize } = await statfs(home);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  if (free < NEEDED_MB) throw new StartFault(`${home} has ${free} MB left, the database needs ${NEEDED_MB} MB`);
  const draft = `${cluster}.new-${process.pid}`;
  await mkdir(draft, { mode: 0o700 });
  if (account) await chown(draft, account.uid, account.gid);
  try {
    await run(binaries.initdb, ['-D', draft, ...INITDB, ...(durable ? [] : ['--no-sync'])], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...asAccount(account),
    });
    await rename(draft, cluster);
  } catch (cause) {
    const another = await lstat(cluster).catch(() => undefined);
    await rm(draft, { recursive: true, force: true });
    if (another) return;
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new StartFault(`PostgreSQL could not make its files in ${home}: ${said}`, { cause });
  }
}

async function sweepDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = Number(/^pg\.new-(\d+)$/.exec(name)?.[1]);
    const mine = pid === process.pid || !exists(pid);
    if (pid && mine) await rm(path.join(home, name), { recursive: true, force: true });
  }
}
