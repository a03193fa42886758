import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbedded } from './embedded.ts';
import { exists } from './processes.ts';

/** A PostgreSQL for one run of the tests or of a check, in a folder of its own below the temporary one. */
export interface ScratchServer {
  url: string;
  folder: string;
  /** Stops the server and removes the folder, unless it is kept for a look. */
  end(keep?: boolean): Promise<void>;
}

const PREFIX = 'tocsin-test-';

/** Starts one. `log` is told in one line when the server is lost and started again. */
export async function startScratch(log?: (line: string) => void): Promise<ScratchServer> {
  await removeLeftovers();
  const folder = await mkdtemp(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  const remove = () => rm(folder, { recursive: true, force: true });
  // as root, the server runs under another account, which has to enter
  await chmod(folder, 0o755);
  try {
    const server = await startEmbedded({ dataDir: folder, database: 'scratch', durable: false, log });
    const end = async (keep = false) => {
      await server.stop();
      if (!keep) await remove();
    };
    return { url: server.url, folder, end };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Removes the folders that earlier runs left behind: a killed one everything, a failed one what it kept for a look. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!pid || exists(pid)) continue;
    const folder = path.join(os.tmpdir(), name);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
