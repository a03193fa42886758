import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { asAccount } from './account.ts';
import type { Folders } from './folders.ts';
import { runningPostmaster } from './postmaster.ts';
import { signal } from './processes.ts';

/**
 * The server's parent. Its standard input is a pipe that only the hub holds: when the hub closes it, or dies in whatever
 * way, the pipe ends and the server is told to stop at once (SIGINT: close the sessions, write everything, leave).
 */
const SCRIPT = `
trap 'kill -INT "$server" 2>/dev/null' TERM INT HUP
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
( while read -r _; do :; done <&3; kill -INT "$server" 2>/dev/null ) &
reader=$!
exec 3<&- </dev/null
while :; do
  wait "$server"; status=$?
  kill -0 "$server" 2>/dev/null || break
done
kill "$reader" 2>/dev/null
exit $status
`;

/** The size in bytes from which a start begins the server's log anew. */
const LOG_LIMIT = 4_000_000;

/** A server held by this process. */
export interface Supervisor {
  /** Settles when the server is gone, for any reason. */
  gone: Promise<void>;
  isGone(): boolean;
  /** Ends the server, gently first; returns when it is gone. May be called again. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL on an existing cluster. It is not ready yet when this returns; it may yet refuse and be gone. */
export function supervise(folders: Folders, postgres: string, settings: Record<string, string>): Supervisor {
  const log = openSync(folders.log, tooLong(folders.log) ? 'w' : 'a', 0o600);
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'tocsin-postgres', postgres, '-D', folders.cluster, ...options], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['pipe', log, log],
    ...asAccount(folders.account),
  });
  closeSync(log);
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const end = () => {
      isGone = true;
      resolve();
    };
    child.once('exit', end).once('error', end);
  });
  child.stdin?.on('error', () => undefined);
  return { gone, isGone: () => isGone, stop: () => stop(child, gone, folders.cluster) };
}

/** The end of the server's log: what it said before it left. */
export async function lastWords(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n');
  return lines.slice(-5).join('\n');
}

async function stop(child: ChildProcess, gone: Promise<void>, cluster: string): Promise<void> {
  child.stdin?.end();
  const insist = async (name: NodeJS.Signals) => {
    const server = await runningPostmaster(cluster);
    if (server) signal(server.pid, name);
  };
  const timers = [setTimeout(insist, 10_000, 'SIGQUIT'), setTimeout(insist, 15_000, 'SIGKILL')];
  await gone;
  for (const timer of timers) clearTimeout(timer);
}

function tooLong(log: string): boolean {
  return (statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT;
}
