import { chmod, chown, lstat, mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SystemAccount } from './account.ts';
import { StartFault } from './start-fault.ts';

/**
 * A folder of ours under the temp folder that survives a reboot, which everybody may enter and only we may change.
 * Throws a StartFault when somebody else made one of that name first.
 */
export async function lastingFolder(name: string): Promise<string> {
  const parent = (await lstat('/var/tmp').catch(() => undefined))?.isDirectory() ? '/var/tmp' : os.tmpdir();
  return ownFolder(path.join(parent, name), 0o755);
}

/** Makes `folder` unless it is there, and refuses one that others (save `account`) could have prepared. Answers its path. */
export async function ownFolder(folder: string, mode: number, account?: SystemAccount): Promise<string> {
  const made = await mkdir(folder, { mode }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (made) await chmod(folder, mode);
  if (made && account) await chown(folder, account.uid, account.gid);
  const found = await lstat(folder);
  const owners = [process.getuid?.(), account?.uid];
  if (!found.isDirectory() || !owners.includes(found.uid) || found.mode & 0o022) {
    throw new StartFault(`${folder} is not a folder of this user alone: remove it`);
  }
  return folder;
}
