import { HubError, invalidInput } from '../errors.ts';

/** Pages by key, not by number: what is published meanwhile neither repeats nor hides anything. */
export interface PageRequest {
  first: number;
  after: string | null;
}

export interface Page<T> {
  nodes: T[];
  /** Counted only where somebody asks: in the archive that reads every row. */
  totalCount: number | (() => Promise<number>);
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** Where a page ended: the sort key of its last document. */
export interface Key {
  gravity: number;
  revised: number;
  id: string;
}

export const encodeKey = ({ gravity, revised, id }: Key): string =>
  Buffer.from(`${gravity}.${revised}.${id}`).toString('base64url');

/** Reads an `endCursor`; INVALID_INPUT for what is none. */
export function decodeKey(text: string): Key {
  const found = /^(-?\d)\.(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(text, 'base64url').toString());
  if (!found?.[3]) throw invalidInput([{ path: 'after', message: 'must be the endCursor of an earlier page' }]);
  return { gravity: Number(found[1]), revised: Number(found[2]), id: found[3] };
}

const LARGEST_PAGE = 100;

/** Checks `first` (1 to 100) and passes `after` on. */
export function pageRequest(first: number, after: string | null | undefined): PageRequest {
  if (!Number.isInteger(first) || first < 1 || first > LARGEST_PAGE)
    throw new HubError('INVALID_INPUT', `first: must lie between 1 and ${LARGEST_PAGE}`, {
      fields: [{ path: 'first', message: `must lie between 1 and ${LARGEST_PAGE}` }],
    });
  return { first, after: after ?? null };
}
