import { setTimeout as pause } from 'node:timers/promises';

const RETRY_MS = 1_000;

/**
 * Attempts something that needs PostgreSQL, about every second, until it works or the signal aborts; never throws.
 * `onError` is called with the reason of a failure, once for each reason.
 */
export async function untilThere(
  attempt: () => Promise<void>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let told = '';
  while (!signal.aborted) {
    try {
      return await attempt();
    } catch (error) {
      if (!signal.aborted && String(error) !== told) onError(error);
      told = String(error);
    }
    await pause(RETRY_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
}
