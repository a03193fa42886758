import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { onTestFinished } from 'vitest';
import { processesIn, signal } from '../../../src/development/embedded/processes.ts';
import { withSession } from './cluster.ts';

/** A process that holds an embedded database, and what a fault may be done to. */
export interface Holder {
  url: string;
  process: ChildProcess;
  /** Everything that it has printed. */
  lines: string[];
  end(): Promise<void>;
}

export interface HolderOptions {
  dataDir: string;
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
}

/** A new folder that everybody may enter: root's helper account must, or the database would go elsewhere and stay. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `tocsin-test-${process.pid}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** Such a folder, gone after the test; or the path of one in it. */
export async function temporaryFolder(name = ''): Promise<string> {
  const folder = await openFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return path.join(folder, name);
}

/** Starts a holder and returns once its database serves. Rejects with its error output when it does not. */
export async function startHolder({ dataDir, env, uid, gid }: HolderOptions): Promise<Holder> {
  const program = path.join(import.meta.dirname, 'embedded-child.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, dataDir], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    uid,
    gid,
  });
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  };
  onTestFinished(end);
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const lines: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('postgresql://')) resolve(line);
    });
    child.once('close', () => reject(new Error(said)));
  });
  return { url, process: child, lines, end };
}

/** Ends processes as power cuts and out-of-memory killers do; one that has just gone with the others is no fault. */
export function kill(...pids: (number | undefined)[]): void {
  for (const pid of pids) if (pid) signal(pid, 'SIGKILL');
}

export const clusterOf = (dataDir: string): string => path.join(dataDir, 'pg');

/** The supervisor of a cluster: a shell and its reader. */
export const supervisorsOf = (dataDir: string): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter(
      (pid) => pid && commandLine(pid).includes(`tocsin-postgres`) && commandLine(pid).includes(clusterOf(dataDir)),
    );

/** PostgreSQL and its backends. */
export const serversOf = (dataDir: string): number[] => processesIn(clusterOf(dataDir));

/** How many marks the database holds; each call adds one. Only what was committed before a fault can be counted after it. */
export const leaveMark = (url: string): Promise<number> =>
  withSession(url, async (session) => {
    await session.query('create table if not exists mark (at timestamptz default now())');
    await session.query('insert into mark default values');
    return Number((await session.query('select count(*) from mark')).rows[0].count);
  });

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
