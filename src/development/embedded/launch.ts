import { randomUUID } from 'node:crypto';
import type { Binaries } from './binaries.ts';
import type { Folders } from './folders.ts';
import { claim, isOwned, type Ownership } from './owner.ts';
import { clearRemains, type Postmaster, runningPostmaster, stopPostmaster } from './postmaster.ts';
import { StartFault } from './start-fault.ts';
import { lastWords, type Supervisor, supervise } from './supervisor.ts';

/** A running server that belongs to this process. */
export interface Server {
  supervisor: Supervisor;
  ownership: Ownership;
  /** The same server with its owner's session taken up again; rejects when the server is gone. */
  claimAgain(): Promise<Server>;
}

/**
 * Starts PostgreSQL on the cluster and returns once it accepts sessions and is marked as ours. What kills left behind is
 * cleared first. Throws a StartFault when another hub uses the cluster, or with PostgreSQL's own last words.
 */
export async function launch(folders: Folders, binaries: Binaries, settings: Record<string, string>): Promise<Server> {
  await makeWay(folders);
  const mark = randomUUID();
  const supervisor = supervise(folders, binaries.postgres, { ...settings, 'tocsin.hub': mark });
  const own = async (): Promise<Server> => {
    const ownership = await claim(folders.socketDir, mark, () => !supervisor.isGone());
    return { supervisor, ownership, claimAgain: own };
  };
  try {
    return await own();
  } catch (cause) {
    await supervisor.stop();
    await makeWay(folders);
    const words = await lastWords(folders.log);
    throw new StartFault(`PostgreSQL did not start; the end of ${folders.log}:\n${words}`, { cause });
  }
}

/** Leaves the cluster without a server, or throws because a living hub holds the one that runs. */
async function makeWay(folders: Folders): Promise<void> {
  const { cluster } = folders;
  const running = await runningPostmaster(cluster);
  const look = async () => {
    const found = await runningPostmaster(cluster);
    return isSame(found, running) ? found : undefined;
  };
  if (running && (await isOwned(look))) {
    throw new StartFault(
      `another hub uses ${folders.home} (PostgreSQL ${running.pid}): stop it, or give this one another TOCSIN_DATA_DIR`,
    );
  }
  const orphan = await runningPostmaster(cluster);
  if (orphan && isSame(orphan, running)) await stopPostmaster(cluster, orphan);
  await clearRemains(cluster, folders.socketDir);
}

const isSame = (one: Postmaster | undefined, other: Postmaster | undefined): boolean => one?.pid === other?.pid;
