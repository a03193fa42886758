import type { Card } from '../../board/board.ts';
import { wasShortened } from '../../board/departure.ts';
import { matchesChange } from '../../board/filter/change-filter.rules.ts';
import { departedFrom } from '../../board/filter/departed.rules.ts';
import type { PublicReads } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import type { EventDocument } from '../../publications/event/event.content.ts';
import { kindOf } from '../../publications/kinds.ts';
import { newsAt } from '../../publications/news.rules.ts';
import type { FeedFilter } from './feed-filter.ts';

/**
 * Which documents a feed holds: those that are live, and on demand those that are news for a day: what people ended
 * (withdrawn, all clear, or by a revision that brought its end forward), and what a revision took away from the feed's place
 * or gravity. A document that ran out as it was announced is no news.
 */
type Extent = 'live' | 'live or news';

/** A document of a feed, and how it left what the feed is asked for, where it did. */
export interface News<D extends PublicDocument = PublicDocument> {
  document: D;
  departed?: Departed;
}

/** The board's items of a feed, in no order. */
function itemsFor(reads: PublicReads, filter: FeedFilter, extent: Extent): { card: Card; departed?: Departed }[] {
  return [...reads.board.all()].flatMap((card) => {
    const departed = extent === 'live' ? undefined : departedFrom(filter.match, card, reads.board.now);
    if (departed) return { card, departed };
    return matchesChange(filter.match, card.brief) && isTold(reads, card, extent) ? { card } : [];
  });
}

function isTold({ board }: PublicReads, { brief, departures }: Card, extent: Extent): boolean {
  const state = board.state(brief);
  if (state === 'UPCOMING' || state === 'IN_FORCE') return true;
  if (extent === 'live') return false;
  return Boolean(brief.cancelled || brief.allClear) || wasShortened(departures, brief, board.now);
}

/** The documents of one kind, in the order of their ids, so that equal boards give equal bytes. */
export function documentsOf<K extends PublicDocument['kind']>(
  reads: PublicReads,
  filter: FeedFilter,
  kind: K,
  extent: Extent,
): Extract<PublicDocument, { kind: K }>[] {
  return newsOfKind(reads, filter, kind, extent).map(({ document }) => document);
}

/** The same, with how they left what the feed is asked for. */
export function newsOfKind<K extends PublicDocument['kind']>(
  reads: PublicReads,
  filter: FeedFilter,
  kind: K,
  extent: Extent,
): News<Extract<PublicDocument, { kind: K }>>[] {
  return itemsFor(reads, filter, extent)
    .filter(({ card }) => card.brief.kind === kind)
    .sort((a, b) => (a.card.id < b.card.id ? -1 : 1))
    .map(({ card, ...left }) => ({
      ...left,
      document: card.document as PublicDocument as Extract<PublicDocument, { kind: K }>,
    }));
}

/** The news of every kind, the newest first; of two in one second the journal's later one is the newer. */
export const newestNews = (reads: PublicReads, filter: FeedFilter): News[] =>
  itemsFor(reads, filter, 'live or news')
    .map(({ card, ...left }) => ({ ...left, document: card.document, position: card.position }))
    .sort(
      (a, b) =>
        instant(newsAt(b.document, b.departed)) - instant(newsAt(a.document, a.departed)) || b.position - a.position,
    );

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
