import { z } from 'zod';
import { ID_PART, Keyset, MILLISECONDS_PART } from '../paging/keyset.rules.ts';
import { demandFirst } from '../paging/page.rules.ts';

/** Gravity, the moment of the revision in milliseconds since 1970, and the id. */
export type PublicKey = [gravity: number, revised: number, id: string];

const KEYS = new Keyset<PublicKey>(z.tuple([z.int(), MILLISECONDS_PART, ID_PART]));

/** The part of a public list that a client asks for, read. */
export interface BoardPageRequest {
  first: number;
  after: PublicKey | null;
}

export const cursorOf = (...key: PublicKey): string => KEYS.cursorOf(key);

/** Reads the arguments of a client. INVALID_INPUT for a page size or a cursor that cannot be. */
export function pageRequest(first: number, after: string | null | undefined): BoardPageRequest {
  demandFirst(first);
  return { first, after: KEYS.keyOf(after) };
}
