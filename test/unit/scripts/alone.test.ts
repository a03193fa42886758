import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';

interface Alone {
  alone<T>(lock: string, work: () => Promise<T>, times?: { touchMs: number; silentMs: number }): Promise<T>;
}

// A script, as those beside it: it is written without types.
const script = new URL('../../../scripts/alone.mjs', import.meta.url).href;
const { alone }: Alone = await import(script);

/** A process that has died: nothing has its number yet. */
const dead = () => spawnSync(process.execPath, ['--version']).pid;

function lockFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tocsin-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'lock');
}

describe('work under a lock', () => {
  it('is done by one at a time, however much longer it takes than a silent process keeps its lock', async () => {
    const lock = lockFile();
    const times = { touchMs: 20, silentMs: 2_000 };
    const inside: number[] = [];
    const most: number[] = [];
    const work = async (one: number) => {
      inside.push(one);
      most.push(inside.length);
      await pause(times.silentMs * 2);
      inside.splice(inside.indexOf(one), 1);
    };
    await Promise.all([1, 2, 3].map((one) => alone(lock, () => work(one), times)));
    expect(most).toEqual([1, 1, 1]);
    expect(existsSync(lock)).toBe(false);
  });

  it('goes on where a process died under it', async () => {
    const lock = lockFile();
    writeFileSync(lock, String(dead()));
    expect(await alone(lock, async () => 'done')).toBe('done');
  });

  it('goes on where the number of the process that died is that of another one now', async () => {
    const lock = lockFile();
    writeFileSync(lock, String(process.ppid));
    const before = new Date(Date.now() - 3_600_000);
    utimesSync(lock, before, before);
    expect(await alone(lock, async () => 'done')).toBe('done');
  });

  it('ends with its error, and lets the next one in', async () => {
    const lock = lockFile();
    await expect(alone(lock, () => Promise.reject(new Error('does not compile')))).rejects.toThrow('does not compile');
    expect(await alone(lock, async () => 'done')).toBe('done');
  });
});
