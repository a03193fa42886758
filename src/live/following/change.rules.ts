import { parisTime } from '../../clock.ts';
import type { Step } from '../../journal/follow.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { ChangeType } from '../../publications/vocabulary.ts';
import type { Change } from './change.types.ts';

/** A step of a follower as the API tells it. */
export function toChange({ cursor, entry }: Step<PublicDocument>, now: Date): Change {
  if (!entry)
    return { cursor, at: parisTime(now), type: 'CHECKPOINT', publication: null, changedFields: [], ring: false };
  return {
    cursor,
    at: entry.at,
    type: entry.type as ChangeType,
    publication: entry.document,
    changedFields: [...entry.changedFields],
    ring: entry.ring,
  };
}
