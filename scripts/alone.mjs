import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const RETRY_MS = 50;
/** A process says so often that it still works under its lock. */
const TOUCH_MS = 1_000;
/** One that has not for so long is gone, though its number lives: another program has it now. */
const SILENT_MS = 60_000;

/**
 * Does some work, however long it takes, while no other process does work under the same lock: a file that says who has it. The lock of
 * a process that died is taken over.
 */
export async function alone(lock, work, { touchMs = TOUCH_MS, silentMs = SILENT_MS } = {}) {
  while (!isTaken(lock)) {
    if (isLeftBehind(lock, silentMs)) fs.rmSync(lock, { force: true });
    else await pause(RETRY_MS);
  }
  const touching = setInterval(() => touch(lock), touchMs);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    if (holderOf(lock) === process.pid) fs.rmSync(lock, { force: true });
  }
}

function isTaken(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

function isLeftBehind(lock, silentMs) {
  const found = fs.statSync(lock, { throwIfNoEntry: false });
  if (!found) return false;
  const holder = holderOf(lock);
  return (holder !== undefined && !isAlive(holder)) || Date.now() - found.mtimeMs > silentMs;
}

/** The process that has a lock; undefined while it is being written, or is gone. */
function holderOf(lock) {
  try {
    return Number(fs.readFileSync(lock, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function touch(lock) {
  try {
    const now = new Date();
    fs.utimesSync(lock, now, now);
  } catch {
    // Somebody removed it by hand.
  }
}

/** Whether a process of that number runs. */
export function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
