import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './embedded.ts';

/** A disk of its own, as small as this, gone after the test; undefined where this machine lets nobody mount one. */
export async function smallDisk(megabytes: number): Promise<string | undefined> {
  const folder = await temporaryFolder('disk');
  try {
    execFileSync('mkdir', ['-p', folder]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  await chmod(folder, 0o755);
  return folder;
}

/** Takes every byte that is left on a disk; answers the function that gives them back, whoever else fills it meanwhile. */
export async function fillUp(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, `filler-${randomUUID()}`);
  const { bavail, bsize } = await statfs(folder);
  await writeFile(file, Buffer.alloc(bavail * bsize)).catch((error) => {
    if (error.code !== 'ENOSPC') throw error;
  });
  return () => rm(file);
}
