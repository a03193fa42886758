import { type BigIntStats, closeSync, openSync, rmSync, statSync } from 'node:fs';

const RETRY_MS = 10;
/** A lock that is older was left by a process that was killed: the work under it takes milliseconds. */
const LEFT_BEHIND_MS = 5_000n;

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
    const found = statusOf(lock);
    if (found && BigInt(Date.now()) - found.mtimeMs > LEFT_BEHIND_MS) removeLeftBehind(lock, identityOf(found));
    return false;
  }
}

/**
 * Removes a lock that was left behind, and never the one that another process took in its place meanwhile: one process at a
 * time may remove the file of that identity, and looks once more before it does.
 */
function removeLeftBehind(lock: string, identity: string): void {
  alone(`${lock}.${identity}`, () => {
    const found = statusOf(lock);
    if (found && identityOf(found) === identity) rmSync(lock, { force: true });
  });
}

const statusOf = (lock: string): BigIntStats | undefined => statSync(lock, { bigint: true, throwIfNoEntry: false });

const identityOf = ({ ino, mtimeNs }: BigIntStats): string => `${ino}-${mtimeNs}`;
