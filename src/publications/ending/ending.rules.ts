import { instant } from '../../clock.ts';
import type { TextContent } from '../content/content.ts';
import type { Frozen } from '../frozen.ts';
import type { EndingKind } from '../vocabulary.ts';

/** How a publication came to its end. */
export interface PublicEnding {
  kind: EndingKind;
  /** RFC 3339. */
  at: string;
  /** Why it was withdrawn; null for the other kinds. */
  reason: string | null;
  /** The words of the all clear; null for the other kinds. */
  texts: TextContent[] | null;
}

type Ends = Pick<Frozen, 'cancelled' | 'allClear' | 'endsAt'>;

/** How a publication ended, as of a moment (milliseconds since 1970); null while it holds or is still to come. */
export function endingAt({ cancelled, allClear, endsAt }: Ends, now: number): PublicEnding | null {
  const isPast = (at: string) => instant(at) <= now;
  if (cancelled && isPast(cancelled.at)) return { kind: 'CANCELLED', ...cancelled, texts: null };
  if (allClear && isPast(allClear.at)) return { kind: 'ALL_CLEAR', ...allClear, reason: null };
  return endsAt && isPast(endsAt) ? { kind: 'EXPIRED', at: endsAt, reason: null, texts: null } : null;
}

/** The end that came, or else the end announced; null where none is known. RFC 3339. */
export function endsAtOf({ cancelled, allClear, endsAt }: Ends): string | null {
  const ends = [endsAt, cancelled?.at, allClear?.at].filter((at) => typeof at === 'string');
  return ends.length > 0 ? ends.reduce((first, at) => (instant(at) < instant(first) ? at : first)) : null;
}
