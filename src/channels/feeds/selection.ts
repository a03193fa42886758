import type { Card } from '../../board/board.ts';
import { matchesChange } from '../../board/filter/change-filter.rules.ts';
import type { PublicReads } from '../../board/public-reads.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { FeedFilter } from './feed-filter.ts';

/** Readers may keep an answer this long; it is shown rather than nothing while the hub cannot be reached. */
export const CACHE_CONTROL = 'public, max-age=30, stale-if-error=86400';

/**
 * What is live and passes a filter, in no order. On demand with what people ended (withdrawn, all clear), which is news for
 * as long as the board holds it; what ran out by the clock is none.
 */
export function cardsFor(
  { board }: PublicReads,
  { match }: FeedFilter,
  which: 'live' | 'and what people ended',
): Card[] {
  const ended = ({ cancelled, allClear }: PublicDocument) => which !== 'live' && Boolean(cancelled || allClear);
  return [...board.all()].filter(
    ({ document }) =>
      matchesChange(match, document) && (ended(document) || ['UPCOMING', 'IN_FORCE'].includes(board.state(document))),
  );
}

/** The documents of one kind among `cardsFor`, in the order of their ids, so that equal boards give equal bytes. */
export function documentsOf<K extends PublicDocument['kind']>(
  reads: PublicReads,
  filter: FeedFilter,
  kind: K,
  which: 'live' | 'and what people ended',
): Extract<PublicDocument, { kind: K }>[] {
  return cardsFor(reads, filter, which)
    .map(({ document }) => document)
    .filter((document): document is Extract<PublicDocument, { kind: K }> => document.kind === kind)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
