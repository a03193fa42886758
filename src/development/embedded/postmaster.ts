import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { processesIn, runsWith, signal, until } from './processes.ts';
import { StartFault } from './start-fault.ts';

/** A server that lives on the cluster, as its own pid file tells. */
export interface Postmaster {
  pid: number;
  /** '' until the server listens. */
  socketDir: string;
}

const pidFile = (cluster: string) => path.join(cluster, 'postmaster.pid');

/** The server that runs on `cluster`, if one does: a pid file that names a dead process, or another program, is none. */
export async function runningPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const content = await readFile(pidFile(cluster), 'utf8').catch(() => '');
  const lines = content.split('\n');
  const pid = Number(lines[0]);
  if (!pid || !runsWith(pid, cluster)) return undefined;
  return { pid, socketDir: lines[4]?.trim() ?? '' };
}

/**
 * Clears what a killed server left behind, so that a new one may start: waits for its last backends, then sets its pid
 * and socket locks aside. Call it only when `runningPostmaster` found none.
 */
export async function clearRemains(cluster: string, socketDir: string): Promise<void> {
  if (!(await until(() => processesIn(cluster).length === 0, 10_000))) {
    for (const pid of processesIn(cluster)) signal(pid, 'SIGQUIT');
    await until(() => processesIn(cluster).length === 0, 5_000);
  }
  await setAside(pidFile(cluster), cluster);
  await setAside(path.join(socketDir, '.s.PGSQL.5432.lock'), cluster);
}

/** Stops a server that no hub holds any more; returns when it is gone. */
export async function stopPostmaster(cluster: string, { pid }: Postmaster): Promise<void> {
  const gone = () => !runsWith(pid, cluster);
  for (const name of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    signal(pid, name);
    if (await until(gone, 10_000)) return;
  }
  throw new StartFault(`a PostgreSQL without a hub (process ${pid}) does not stop: end it by hand`);
}

/**
 * Removes a lock file whose process is dead. Two starts may clear at once, and the slower one must not remove the lock
 * that the faster one's server has just taken: so it is moved away first, read, and put back if its process lives.
 */
async function setAside(file: string, cluster: string): Promise<void> {
  const aside = `${file}.stale-${process.pid}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const pid = Number.parseInt(await readFile(aside, 'utf8'), 10);
  if (pid && runsWith(pid, cluster)) await rename(aside, file);
  else await rm(aside, { force: true });
}
