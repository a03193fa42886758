import { instant } from '../../clock.ts';
import type { ClosureDocument } from '../document.ts';

/**
 * When a closed road was seen open again, or null. What was seen before the planned closure began says nothing of it: a road
 * that was closed, reopened and is to be closed again carries its last observation along.
 */
export function reopenedAt({ observed, plannedFrom }: ClosureDocument): string | null {
  if (observed.state !== 'REOPENED' || !observed.at) return null;
  return instant(observed.at) >= instant(plannedFrom) ? observed.at : null;
}
