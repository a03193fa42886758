import { invalidInput } from '../../errors.ts';
import type { Mode } from '../../publications/vocabulary.ts';

/**
 * Refuses another mode for what is public (I-21): readers hear of one mode alone by default, so an alert revised to an
 * exercise would be gone from their apps without a withdrawal. `publicMode` is null where nothing of the thread is public.
 */
export function demandSameMode(publicMode: Mode | null, mode: Mode, path: string): void {
  if (publicMode && publicMode !== mode)
    throw invalidInput([
      { path, message: `must stay ${publicMode}: what is public keeps its mode; cancel it instead` },
    ]);
}

/** The modes of what a publication may pin: it shows it to its own readers, who did not ask for exercises unless it is one. */
export const modesOfPinned = (mode: Mode): Mode[] => (mode === 'ACTUAL' ? ['ACTUAL'] : ['ACTUAL', mode]);
