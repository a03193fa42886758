import { execFileSync, spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { StartFault } from './start-fault.ts';

/** The unprivileged account that runs PostgreSQL when the hub itself is root. */
export interface SystemAccount {
  uid: number;
  gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

/**
 * Which account runs the server: undefined means the hub's own. PostgreSQL refuses to run as root, so root lends it
 * the owner of the existing cluster, else `postgres`, else `nobody`. No account is ever created.
 * Throws a StartFault when root finds none.
 */
export async function serverAccount(cluster: string): Promise<SystemAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of CANDIDATES) {
    const account = lookUp(name);
    if (account) return account;
  }
  throw new StartFault(
    `PostgreSQL does not run as root and there is no account ${CANDIDATES.join(' or ')}: start as an ordinary user, or give DATABASE_URL`,
  );
}

/** The options of spawn that run a child as `account`; none when it is the hub's own. */
export const asAccount = (account: SystemAccount | undefined): { uid?: number; gid?: number } =>
  account ? { uid: account.uid, gid: account.gid } : {};

/** Whether `account` may enter the folder, all its parents included. */
export function mayEnter(folder: string, account: SystemAccount | undefined): boolean {
  const shell = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], {
    cwd: '/',
    stdio: 'ignore',
    ...asAccount(account),
  });
  return shell.status === 0;
}

function lookUp(name: string): SystemAccount | undefined {
  try {
    const ask = (what: string) =>
      Number(execFileSync('id', [what, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim());
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return undefined;
  }
}
