import type { PublicDocument } from '../../../publications/document.ts';
import type { Commune, Territory } from '../../../territory/territory.ts';
import { oneLine, shorten } from '../fitting/fit.rules.ts';
import type { PostWords } from './words.ts';

/** So many of the communes are all of them, to people. */
const NEARLY_ALL = 0.95;

/**
 * Where a document holds, fullest form first: the names of its communes, then fewer of them and how many more there are.
 * Those that the headline names come first, then those where most people live. The last form names one at least.
 */
export function placeForms(document: PublicDocument, territory: Territory, words: PostWords, most: number): string[] {
  const communes = inOrder(document, territory);
  if (communes.length === 0) return [shorten(oneLine(document.areas[0]?.description ?? words.everywhere), 60)];
  if (communes.length >= territory.communes.length * NEARLY_ALL) return [words.everywhere];
  const count = Math.min(most, communes.length);
  return Array.from({ length: count }, (_, index) => named(communes, count - index, words));
}

/** Some communes in as few words as a title has room for: one name, and how many more there are. */
export const placeInShort = (codes: readonly string[], territory: Territory, words: PostWords): string =>
  named(territory.communesOf(codes), codes.length > 2 ? 1 : codes.length, words);

function inOrder({ communes, texts }: PublicDocument, territory: Territory): Commune[] {
  const headline = texts[0]?.headline ?? '';
  const says = ({ name }: Commune) => Number(headline.includes(name));
  return territory
    .communesOf(communes)
    .sort((a, b) => says(b) - says(a) || (b.population ?? 0) - (a.population ?? 0) || (a.code < b.code ? -1 : 1));
}

function named(communes: readonly Commune[], count: number, words: PostWords): string {
  const names = communes.slice(0, count).map(({ name }) => name);
  const left = communes.length - count;
  if (left > 0) return `${names.join(', ')} ${words.more(left)}`;
  const last = names.pop() ?? '';
  return names.length > 0 ? `${names.join(', ')} ${words.and} ${last}` : last;
}
