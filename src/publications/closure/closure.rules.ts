import { instant } from '../../clock.ts';
import type { ClosureDocument } from './closure.content.ts';

/**
 * When a closed road was seen open again, or null. What was seen before the planned closure began says nothing of it: a road
 * that was closed, reopened and is to be closed again carries its last observation along.
 */
export function reopenedAt({ observed, plannedFrom }: ClosureDocument): string | null {
  if (observed.state !== 'REOPENED' || !observed.at) return null;
  return instant(observed.at) >= instant(plannedFrom) ? observed.at : null;
}

/** When people ended a closure before its plan did: withdrawn, over, or seen open again; null where nobody did. */
export const endedEarlyAt = (closure: ClosureDocument): string | null => {
  const at = closure.cancelled?.at ?? closure.allClear?.at ?? reopenedAt(closure);
  return at && instant(at) < instant(closure.plannedTo) ? at : null;
};
