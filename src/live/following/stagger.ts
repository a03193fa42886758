import { setTimeout as pause } from 'node:timers/promises';

/** At least this long lies between two connections, so that a few clients do not wait for the whole window. */
const PACE_MS = 5;
const STEP_MS = 50;

/**
 * Ends connections one after the other, so that their clients do not all come back at once (D-10): evenly over a window
 * (milliseconds), or sooner if there are few. Resolves when `end` was called once for each.
 */
export async function stagger<T>(all: Iterable<T>, windowMs: number, end: (one: T) => void): Promise<void> {
  const waiting = [...all];
  const steps = Math.max(1, Math.ceil(Math.min(windowMs, waiting.length * PACE_MS) / STEP_MS));
  for (let left = steps; left > 0; left--) {
    for (const one of waiting.splice(0, Math.ceil(waiting.length / left))) end(one);
    if (left > 1) await pause(STEP_MS);
  }
}
