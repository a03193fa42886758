import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from './launch.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Keeps the server running: started again when it is gone, its owner's session taken up again when only that was lost.
 * `stop` ends both and returns when the server's last process is gone; it may be called again.
 */
export function keepAlive(
  first: Server,
  launch: () => Promise<Server>,
  log: (line: string) => void,
): { stop: () => Promise<void> } {
  const end = new AbortController();
  const asked = new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve()));
  const watch = async () => {
    let server = first;
    while (!end.signal.aborted) {
      await Promise.race([server.ownership.lost, server.supervisor.gone, asked]);
      if (!end.signal.aborted) server = await revive(server, launch, log, end.signal);
    }
    await server.supervisor.stop();
    await server.ownership.release();
  };
  const ended = watch();
  return {
    stop: () => {
      end.abort();
      return ended;
    },
  };
}

async function revive(
  server: Server,
  launch: () => Promise<Server>,
  log: (line: string) => void,
  end: AbortSignal,
): Promise<Server> {
  const same = server.supervisor.isGone() ? undefined : await server.claimAgain().catch(() => undefined);
  if (same) return same;
  log('the embedded PostgreSQL is gone: starting it again');
  await server.supervisor.stop();
  // a server that outlived its supervisor must not look as if a hub still owned it
  await server.ownership.release();
  for (let wait = FIRST_PAUSE_MS; !end.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      const next = await launch();
      log('the embedded PostgreSQL runs again');
      return next;
    } catch (error) {
      log(`the embedded PostgreSQL does not start: ${error instanceof Error ? error.message : error}`);
      await pause(wait, undefined, { signal: end }).catch(() => undefined);
    }
  }
  return server;
}
