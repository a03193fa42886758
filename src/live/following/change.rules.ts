import type { MatchedChange } from '../../board/filter/change-filter.rules.ts';
import { parisTime } from '../../clock.ts';
import { publicationFields } from '../../publications/changed/changed-fields.rules.ts';
import type { PublicView } from '../../publications/document.ts';
import { isMinor } from '../../publications/news.rules.ts';
import type { ChangeType } from '../../publications/vocabulary.ts';
import type { Change } from './change.types.ts';

/**
 * A change as the API gives it to those whose filter it matches so; `publication` is how its entry is shown now. A page has
 * hundreds of changes, and many clients read their cursors alone: the rest is worked out where it is selected.
 */
export const changeOf = (
  cursor: string,
  { entry, match, ring }: MatchedChange,
  publication: () => PublicView,
): Change => ({
  cursor,
  position: entry.position,
  at: entry.at,
  type: entry.type as ChangeType,
  publication,
  changedFields: () => publicationFields(entry.type, entry.changedFields),
  minor: () => isMinor(entry.type, entry.document),
  match,
  ring,
});

/** A cursor without a change: it tells a follower how far the journal has come. */
export const checkpointAt = (cursor: string, position: number, now: Date): Change => ({
  cursor,
  position,
  at: parisTime(now),
  type: 'CHECKPOINT',
  publication: null,
  changedFields: () => [],
  minor: () => false,
  match: null,
  ring: false,
});
