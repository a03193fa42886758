import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** The hub as `npm start` runs it, in a process of its own. */
export interface StartedHub {
  process: ChildProcess;
  /** Everything that it has printed. */
  printed(): string;
  /** Settles when it ended, with its exit code; null for an end by a signal. */
  ended: Promise<number | null>;
}

const ROOT = path.resolve(import.meta.dirname, '../../..');
export const START = path.join(ROOT, 'scripts', 'start.mjs');

export interface HubProcessOptions {
  env: Record<string, string>;
  /** Run in place of the start script, with its own arguments. */
  command?: string[];
  /** When it is killed if it is still there: at the end of the test, where nothing else is said. */
  closes?: (close: () => Promise<void>) => void;
}

/** Starts the hub, built if need be, and returns at once. */
export function startHubProcess({
  env,
  command = [process.execPath, START],
  closes = onTestFinished,
}: HubProcessOptions): StartedHub {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  closes(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { process: child, printed: () => printed, ended };
}

/** Waits for the start screen and answers the address that it names. Throws what was printed when the hub ended instead. */
export async function addressOf(hub: StartedHub): Promise<string> {
  let over = false;
  void hub.ended.then(() => (over = true));
  for (;;) {
    const found = /GraphQL {7}(\S+)\/graphql/.exec(hub.printed())?.[1];
    if (found) return found;
    if (over) throw new Error(hub.printed());
    await Promise.race([once(hub.process.stdout!, 'data'), hub.ended]);
  }
}
