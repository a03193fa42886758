import { z } from 'zod';
import { demandFirst, ID_PART, Keyset, MILLISECONDS_PART, type PageInfo } from '../graphql/page.rules.ts';

/** Gravity, the moment of the revision in milliseconds since 1970, and the id. */
type Key = [gravity: number, revised: number, id: string];

const KEYS = new Keyset<Key>(z.tuple([z.int(), MILLISECONDS_PART, ID_PART]));

export interface PageRequest {
  first: number;
  after: Key | null;
}

export interface Page<T> {
  nodes: T[];
  /** Counted only where somebody asks: in the archive that reads every row. */
  totalCount: number | (() => Promise<number>);
  pageInfo: PageInfo;
}

export const endCursorOf = (...key: Key): string => KEYS.cursorOf(key);

/** Reads what a client asked for. INVALID_INPUT for a page size or a cursor that cannot be. */
export function pageRequest(first: number, after: string | null | undefined): PageRequest {
  demandFirst(first);
  return { first, after: after === null || after === undefined ? null : KEYS.keyOf(after) };
}
