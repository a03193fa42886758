import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Machines under load are slow: this ends what would never end. */
const LONGEST_MS = 120_000;

/** How a program ended, and all that it printed. */
export interface Ran {
  /** Null where it was ended: because its output was enough, or because it took too long. */
  code: number | null;
  printed: string;
  tookTooLong: boolean;
}

interface Surroundings {
  cwd: string;
  env: Record<string, string>;
  /** Says of the standard output so far that there is nothing more to wait for; left out for programs that end by themselves. */
  isEnough?(output: string): boolean | Promise<boolean>;
}

/** Runs a program until it ends, or its output is enough, or its time is up. Nothing that it started is left. */
export async function ran(file: string, args: readonly string[], { isEnough, ...where }: Surroundings): Promise<Ran> {
  const child = spawn(file, args, { ...where, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  let output = '';
  let printed = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const end = () => child.pid !== undefined && killGroup(child.pid);
  let tookTooLong = false;
  const deadline = setTimeout(() => {
    tookTooLong = true;
    end();
  }, LONGEST_MS);
  const look = setInterval(async () => (await isEnough?.(output)) && end(), 100);
  try {
    return { code: await closed, printed, tookTooLong };
  } finally {
    clearTimeout(deadline);
    clearInterval(look);
    end();
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}

/** Whether the machine has a program. */
export const hasProgram = (name: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
