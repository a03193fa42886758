import { instant } from '../clock.ts';
import { encodeCursor } from '../journal/cursor.rules.ts';
import type { Journal } from '../journal/journal.ts';
import { type Page, pageFrom, pageOf } from '../paging/page.rules.ts';
import type { PublicDocument, PublicView } from '../publications/document.ts';
import type { Territory } from '../territory/territory.ts';
import { archivedView, archivePage } from './archive.queries.ts';
import type { Board, Card } from './board.ts';
import { type BoardFilter, byGravity, byNewest, filterKey, LIVE_STATES, passes } from './filter/filter.rules.ts';
import { type BoardPageRequest, cursorOf } from './page.rules.ts';

/**
 * The public's reads. What is live comes from the board and never waits for PostgreSQL; a filter that asks for what has
 * ended or was cancelled goes to the archive.
 */
export interface PublicReads {
  board: Board;
  journal: Journal<PublicDocument>;
  territory: Territory;
  /** Base of permalinks, without a trailing slash. */
  readonly publicUrl: string;
  /** Reads from PostgreSQL for the public, on its share of the connections. `journal.sql` does so by itself. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** Which position of the journal an answer shows. */
export interface Shown {
  /** A subscription that goes on after this cursor leaves no gap (D-3). */
  asOf: string;
  /** The same as a number, so that a client can tell which of two answers is newer. */
  position: number;
  /** Whether it may have been overtaken (D-5). */
  stale: boolean;
}

/** What the board shows now. */
export const shown = (reads: PublicReads): Shown => {
  const { head } = reads.journal.tail;
  return { asOf: encodeCursor(head), position: head.position, stale: mayBeOvertaken(reads) };
};

/** True while the database cannot be reached or takes no writes: what is shown may have been overtaken (D-5). */
export const mayBeOvertaken = ({ journal }: PublicReads): boolean => journal.tail.stale;

/** Whether a filter can be answered from memory alone. A moment that is past is asked of the journal. */
export const isLive = ({ states, activeAt }: BoardFilter, now: number): boolean =>
  states.isSubsetOf(LIVE_STATES) && (activeAt === undefined || activeAt > now);

/** A page of publications, newest revision first, or (`gravest`) gravest first: at once where it is in memory. */
export function page(
  reads: PublicReads,
  filter: BoardFilter,
  request: BoardPageRequest,
  order: 'newest' | 'gravest',
): Page<PublicView> | Promise<Page<PublicView>> {
  return isLive(filter, reads.board.now)
    ? livePage(reads, filter, request, order)
    : pageOfArchive(reads, filter, request);
}

/** A page from the board alone, synchronously. */
export function livePage(
  { board }: PublicReads,
  filter: BoardFilter,
  { first, after }: BoardPageRequest,
  order: 'newest' | 'gravest',
): Page<PublicView> {
  const compare = order === 'gravest' ? byGravity : byNewest;
  const cards = board.derive(`${order} ${filterKey(filter)}`, () => select(board, filter).sort(compare));
  const from = after ? cards.findIndex((card) => isAfter(card, after, order)) : 0;
  return pageFrom(
    cards,
    from,
    first,
    ({ document }) => document,
    ({ gravity, revised, id }) => cursorOf(gravity, revised, id),
  );
}

/** Every card that passes a filter, in no order. */
export function select(board: Board, filter: BoardFilter): Card[] {
  const cards: Card[] = [];
  const add = (card: Card) => {
    if (passes(filter, card, board.state(card.brief))) cards.push(card);
  };
  const only = filter.communes?.size === 1 ? [...filter.communes][0] : undefined;
  for (const card of only === undefined ? board.all() : board.ofCommune(only)) add(card);
  return cards;
}

function isAfter(
  card: Card,
  [gravity, revised, id]: NonNullable<BoardPageRequest['after']>,
  order: 'newest' | 'gravest',
): boolean {
  if (order === 'gravest' && card.gravity !== gravity) return card.gravity < gravity;
  return card.revised !== revised ? card.revised < revised : card.id < id;
}

async function pageOfArchive(
  { journal, board }: PublicReads,
  filter: BoardFilter,
  { first, after }: BoardPageRequest,
): Promise<Page<PublicView>> {
  const { documents, ...around } = await archivePage(journal.sql, filter, {
    first,
    now: new Date(board.now),
    ...(after ? { after: { revised: after[1], id: after[2] } } : {}),
  });
  return pageOf(
    documents,
    (document) => document,
    ({ revisedAt, id }) => cursorOf(-1, instant(revisedAt), id),
    around,
  );
}

/** A thread as it is public now: from the board, else from the archive, else undefined. */
export function publicNow(
  { board, journal }: PublicReads,
  thread: string,
): PublicView | undefined | Promise<PublicView | undefined> {
  return board.get(thread) ?? archivedView(journal.sql, thread);
}
