import { ringsFor } from '../../board/filter/change-filter.rules.ts';
import { parisTime } from '../../clock.ts';
import type { Entry } from '../../journal/entry.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { ChangeType, FilterMatch } from '../../publications/vocabulary.ts';
import type { Change } from './change.types.ts';

/** An entry of the journal as the API gives it to those whose filter it matches so. */
export const changeOf = (cursor: string, entry: Entry<PublicDocument>, match: FilterMatch): Change => ({
  cursor,
  at: entry.at,
  type: entry.type as ChangeType,
  publication: entry.document,
  changedFields: [...entry.changedFields],
  match,
  ring: ringsFor({ entry, match }),
});

/** A cursor without a change: it tells a follower how far the journal has come. */
export const checkpointAt = (cursor: string, now: Date): Change => ({
  cursor,
  at: parisTime(now),
  type: 'CHECKPOINT',
  publication: null,
  changedFields: [],
  match: null,
  ring: false,
});
