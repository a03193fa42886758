import { codesOf } from '../board/filter.read.ts';
import { parisTime } from '../clock.ts';
import { type FieldFault, invalidInput } from '../errors.ts';
import type { Entry } from '../journal/entry.ts';
import type { Step } from '../journal/follow.ts';
import type { PublicDocument } from '../publications/document.ts';
import { type ChangeType, gravity } from '../publications/vocabulary.ts';
import type { Territory } from '../territory/territory.ts';
import type { Change, ChangeFilter } from './change.types.ts';

export type Matcher = (entry: Entry<PublicDocument>) => boolean;

/** Reads a filter of the API as a test on entries. INVALID_INPUT names an unknown commune. */
export function matcher(where: ChangeFilter | null | undefined, territory: Territory): Matcher {
  const faults: FieldFault[] = [];
  const kinds = where?.kinds && new Set(where.kinds);
  const communes = where?.communes && codesOf(where.communes, territory, faults);
  const modes = new Set(where?.modes ?? ['ACTUAL']);
  const least = where?.severityAtLeast ? gravity(where.severityAtLeast) : 0;
  if (faults.length > 0) throw invalidInput(faults);
  return ({ document }) =>
    modes.has(document.mode) &&
    (!kinds || kinds.has(document.kind)) &&
    (document.kind !== 'ALERT' || gravity(document.severity) >= least) &&
    (!communes || document.communes.some((code) => communes.has(code)));
}

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
