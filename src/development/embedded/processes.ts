import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const PROC = existsSync('/proc/self/stat');

/** Whether process `pid` lives and was started with `argument`: a process id alone may have been given to another program. */
export function runsWith(pid: number, argument: string): boolean {
  const line = commandLine(pid);
  return PROC ? !!line?.split('\0').includes(argument) : !!line?.includes(argument);
}

/** The command line of a living process; undefined when there is none of that id. A zombie counts as dead. */
function commandLine(pid: number): string | undefined {
  try {
    if (!PROC) return psCommand(pid);
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    return state === 'Z' || state === 'X' ? undefined : readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Processes whose working folder is `folder`: a PostgreSQL and its backends stand in their cluster's. Empty without /proc. */
export function processesIn(folder: string): number[] {
  if (!PROC) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => workingFolder(pid) === folder && commandLine(pid) !== undefined);
}

/** Sends a signal and says whether there was a process to send it to. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Whether a process of that id exists, whatever it runs and under any account. */
export function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Waits until `condition` holds, looking every 25 ms; false when `milliseconds` went by first. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await pause(25);
  }
  return true;
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function psCommand(pid: number): string | undefined {
  const line = execFileSync('ps', ['-p', String(pid), '-o', 'stat=,command='], { encoding: 'utf8' }).trim();
  return line.startsWith('Z') ? undefined : line;
}
