import { stemmer } from '@orama/stemmers/french';
import type { FieldFault } from '../../errors.ts';
import type { PublicDocument } from '../../publications/document.ts';

/** Characters of a text that is searched for: an address has fewer, and reading 100,000 takes milliseconds an alias. */
const LONGEST_SEARCH = 200;

/** Says that a text is too long to be searched for. */
export const longSearch = (text: string, path: string): FieldFault | undefined =>
  text.length > LONGEST_SEARCH ? { path, message: `must have at most ${LONGEST_SEARCH} characters` } : undefined;

/** Text without case, accents and ligatures, so that "evry" finds "Évry" and "coeur" finds "cœur". */
export const fold = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/œ/g, 'oe').replace(/æ/g, 'ae');

const split = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

interface Words {
  folded: readonly string[];
  stems: ReadonlySet<string>;
}

// A document is immutable, so its words are computed once, and go with it.
const known = new WeakMap<PublicDocument, Words>();

function wordsOf(document: PublicDocument): Words {
  const found = known.get(document);
  if (found) return found;
  const text = [
    ...document.texts.flatMap(({ headline, description, instruction }) => [headline, description, instruction ?? '']),
    ...document.areas.map(({ description }) => description),
  ].join(' ');
  const words = { folded: [...new Set(split(fold(text)))], stems: stemsOf(text) };
  known.set(document, words);
  return words;
}

// Stemming needs the accents that folding takes away ("inondée" and "inondation" share a stem), so both are kept.
const stemsOf = (text: string): Set<string> =>
  new Set(split(text).flatMap((word) => [stemmer(word), fold(stemmer(word))]));

/** The words of a search, ready for `matchesWords`; empty for a search without any letter or digit. */
export const searchWords = (search: string): string[] => split(search).slice(0, 20);

/** Whether a document holds every word: by its French stem, or as the beginning of a word, whatever the accents. */
export function matchesWords(document: PublicDocument, search: readonly string[]): boolean {
  const { folded, stems } = wordsOf(document);
  return search.every((word) => {
    const beginning = fold(word);
    return (
      stems.has(stemmer(word)) || stems.has(fold(stemmer(word))) || folded.some((text) => text.startsWith(beginning))
    );
  });
}
