import { matchesChange } from '../../board/filter/change-filter.rules.ts';
import type { PublicReads } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import type { Brief, PublicDocument } from '../../publications/document.ts';
import type { EventDocument } from '../../publications/event/event.content.ts';
import { kindOf } from '../../publications/kinds.ts';
import { newsAt } from '../../publications/news.rules.ts';
import type { FeedFilter } from './feed-filter.ts';

/**
 * Which documents a feed holds: those that are live, and on demand those that people ended (withdrawn, all clear), which
 * are news for as long as the board holds them. A document that ran out by the clock is no news.
 */
type Extent = 'live' | 'live or ended by people';

/** The board's items that pass a filter, in no order. */
function itemsFor({ board }: PublicReads, { match }: FeedFilter, extent: Extent) {
  const endedByPeople = ({ cancelled, allClear }: Brief) =>
    extent === 'live or ended by people' && Boolean(cancelled || allClear);
  return [...board.all()].filter(
    ({ brief }) =>
      matchesChange(match, brief) && (endedByPeople(brief) || ['UPCOMING', 'IN_FORCE'].includes(board.state(brief))),
  );
}

/** The documents of one kind, in the order of their ids, so that equal boards give equal bytes. */
export function documentsOf<K extends PublicDocument['kind']>(
  reads: PublicReads,
  filter: FeedFilter,
  kind: K,
  extent: Extent,
): Extract<PublicDocument, { kind: K }>[] {
  return itemsFor(reads, filter, extent)
    .filter(({ brief }) => brief.kind === kind)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ document }) => document as PublicDocument as Extract<PublicDocument, { kind: K }>);
}

/** The documents of every kind, the newest news first; of two in one second the journal's later one is the newer. */
export const newestNews = (reads: PublicReads, filter: FeedFilter): PublicDocument[] =>
  itemsFor(reads, filter, 'live or ended by people')
    .sort((a, b) => instant(newsAt(b.document)) - instant(newsAt(a.document)) || b.position - a.position)
    .map(({ document }) => document);

/** Events in the order in which they start. */
export const soonestFirst = (events: readonly EventDocument[]): EventDocument[] =>
  events.toSorted((a, b) => instant(a.startsAt) - instant(b.startsAt));

/** Finds the event that a closure names. */
export const eventLookup =
  ({ board }: PublicReads) =>
  (id: string): EventDocument | undefined => {
    const found = board.get(id);
    return found && kindOf(found.kind).calendarEvent?.(found);
  };
