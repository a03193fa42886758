import { closeSync, openSync, rmSync, statSync } from 'node:fs';

const RETRY_MS = 10;
/** A lock that is older was left by a process that was killed: the work under it takes milliseconds. */
const LEFT_BEHIND_MS = 5_000;

/** Does some short work while no other process does work under the same lock, a file that is there as long. */
export function alone<T>(lock: string, work: () => T): T {
  while (!taken(lock)) Atomics.wait(NEVER, 0, 0, RETRY_MS);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

const NEVER = new Int32Array(new SharedArrayBuffer(4));

function taken(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > LEFT_BEHIND_MS) rmSync(lock, { force: true });
    return false;
  }
}
