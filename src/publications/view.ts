import { UUID_PATTERN } from '../uuid.ts';
import type { Frozen } from './frozen.ts';
import type { ChangeType } from './vocabulary.ts';

/**
 * A publication as the API answers it: a document, and as of when it shows the thread. The view of the present has the id of
 * its thread. A view of another moment has an id of its own, so that no client's cache takes the one for the other.
 */
export type View<D extends Frozen> = D & Readonly<Viewed>;

interface Viewed {
  /** The position in the journal of the entry that is shown; 0 where nothing of the thread was public. */
  position: number;
  /** Follows the thread in the id: empty for the view of the present, else `@r2`, `@r2.57`, `@draft`. */
  suffix: string;
}

/** An entry of the journal, as far as the id of a view names it. */
interface Told {
  position: number;
  type: string;
}

/** A thread as it is public now. */
export const viewOfNow = <D extends Frozen>(document: D, position: number): View<D> => ({
  ...document,
  position,
  suffix: '',
});

/** A thread as it was public after an entry of the journal, once another one has followed. */
export const viewOfThen = <D extends Frozen>(document: D, { position, type }: Told): View<D> => ({
  ...document,
  position,
  suffix: `@r${document.revision}${BEGINS_REVISION.has(type) ? '' : `.${position}`}`,
});

const DRAFT = '@draft';

/** A revision that nobody has published, beside what is public of its thread at that position. */
export const viewOfDraft = <D extends Frozen>(document: D, position: number): View<D> => ({
  ...document,
  position,
  suffix: DRAFT,
});

/** A view that was frozen into another document; what was frozen before views had ids knows its revision alone. */
export type Pinned<D extends Frozen> = D & Partial<Viewed>;

export const viewOfPinned = <D extends Frozen>(pinned: Pinned<D>): View<D> =>
  isView(pinned) ? pinned : { ...pinned, position: 0, suffix: `@r${pinned.revision}` };

const isView = <D extends Frozen>(pinned: Pinned<D>): pinned is View<D> => pinned.suffix !== undefined;

/** The changes that publish a revision; what happens under it is told apart by its position. */
const BEGINS_REVISION: ReadonlySet<string> = new Set<ChangeType>(['PUBLISHED', 'UPDATED']);

/** A view, or the document that a mutation has just announced: that is public now. */
export type Announced<D extends Frozen> = D & Partial<Viewed>;

export const viewId = ({ id, suffix = '' }: Announced<Frozen>): string => `${id}${suffix}`;

/** The id of a revision of the thread that a view shows: a draft has that of its view, since its number is given again. */
export const revisionId = (view: Announced<Frozen>, number = view.revision): string =>
  view.suffix === DRAFT && number === view.revision ? viewId(view) : `${view.id}@r${number}`;

/** The thread and the moment that the id of a public view names. */
export interface NamedView {
  thread: string;
  /** Null for the view of the present. */
  past: {
    revision: number;
    /** Null for the entry that published the revision. */
    position: number | null;
  } | null;
}

const VIEW_ID = new RegExp(`^(${UUID_PATTERN})(?:@r([1-9]\\d{0,5})(?:\\.([1-9]\\d{0,14}))?)?$`, 'i');

/** Reads an id that `viewId` wrote; undefined for any other text, and for a draft, which is not public. */
export function readViewId(id: string): NamedView | undefined {
  const [, thread, revision, position] = VIEW_ID.exec(id) ?? [];
  if (thread === undefined) return undefined;
  const past = revision ? { revision: Number(revision), position: position ? Number(position) : null } : null;
  return { thread, past };
}
