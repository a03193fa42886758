import { z } from 'zod';
import { Keyset, notOfThisList } from '../paging/keyset.rules.ts';
import { type Page, type PageRequest, pageFrom } from '../paging/page.rules.ts';
import type { Commune } from '../territory/territory.ts';

const KEYS = new Keyset<[code: string]>(z.tuple([z.string()]));

/** A page of what a search found: the communes and their order do not change, so a page begins behind a code. */
export function communesPage(found: readonly Commune[], { first, after }: PageRequest): Page<Commune> {
  const seen = KEYS.keyOf(after);
  const last = seen ? found.findIndex(({ code }) => code === seen[0]) : -1;
  if (seen && last < 0) throw notOfThisList();
  return pageFrom(
    found,
    last + 1,
    first,
    (commune) => commune,
    ({ code }) => KEYS.cursorOf([code]),
  );
}
