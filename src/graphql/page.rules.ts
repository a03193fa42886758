import { z } from 'zod';
import { invalidInput } from '../errors.ts';
import { isUuid } from '../uuid.ts';

/**
 * Pages of an ordered list. A page begins after the sort key of the last row that the client has seen, not at a number: what
 * is written meanwhile neither repeats nor hides a row.
 */
export interface PageInfo {
  hasNextPage: boolean;
  endCursor: string | null;
}

const LARGEST_PAGE = 100;
/** What staff may ask of a list of the desk, which is read by as many statements as a short one. */
export const LARGEST_DESK_PAGE = 300;

/** The parts of sort keys: an id, and a moment in milliseconds since 1970 that a Date can hold. */
export const ID_PART = z.string().refine(isUuid);
export const MILLISECONDS_PART = z.int().min(0).max(8.64e15);

/** Throws INVALID_INPUT for a page size that cannot be. */
export function demandFirst(first: number, largest = LARGEST_PAGE): void {
  if (!Number.isInteger(first) || first < 1 || first > largest)
    throw invalidInput([{ path: 'first', message: `must lie between 1 and ${largest}` }]);
}

/** How the sort key of one list, with the id last, is written as an `endCursor` and read from `after`. */
export class Keyset<Key extends readonly unknown[]> {
  readonly #schema: z.ZodType<Key>;

  constructor(schema: z.ZodType<Key>) {
    this.#schema = schema;
  }

  cursorOf(key: Key): string {
    return Buffer.from(JSON.stringify(key)).toString('base64url');
  }

  /** The key in an `endCursor`. Throws INVALID_INPUT, at `after`, for any other text. */
  keyOf(cursor: string): Key {
    try {
      return this.#schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    } catch {
      throw invalidInput([{ path: 'after', message: 'must be the endCursor of an earlier page' }]);
    }
  }

  /** A page of `first` rows out of those that were read, one more than that where the list goes on. */
  pageOf<Row>(rows: readonly Row[], first: number, keyOf: (row: Row) => Key): { rows: Row[]; pageInfo: PageInfo } {
    const page = rows.slice(0, first);
    const last = page.at(-1);
    return {
      rows: page,
      pageInfo: { hasNextPage: rows.length > first, endCursor: last ? this.cursorOf(keyOf(last)) : null },
    };
  }
}
