import { trigramsOf } from './street-words.rules.ts';

/** So many at most stand in for a mistyped word: those that look most like it. */
const MOST_ALIKE = 3;

/** Words by the trigrams that they have in common. */
export class WordsAlike {
  readonly #words: readonly string[];
  /** How many trigrams each word has. */
  readonly #sizes: readonly number[];
  /** The places of the words that have a trigram. */
  readonly #having = new Map<string, number[]>();

  constructor(words: readonly string[]) {
    this.#words = words;
    this.#sizes = words.map((word, place) => {
      const trigrams = trigramsOf(word);
      for (const trigram of trigrams) this.#placesOf(trigram).push(place);
      return trigrams.length;
    });
  }

  /** The words that have at least half of their signs in common with a word of these trigrams, the most alike first. */
  to(trigrams: readonly string[]): string[] {
    const common = new Map<number, number>();
    for (const trigram of trigrams)
      for (const place of this.#having.get(trigram) ?? []) common.set(place, (common.get(place) ?? 0) + 1);
    const found: { word: string; likeness: number }[] = [];
    for (const [place, count] of common) {
      const likeness = (2 * count) / (trigrams.length + (this.#sizes[place] ?? 0));
      if (likeness >= 1 / 2) found.push({ word: this.#words[place] ?? '', likeness });
    }
    return found
      .sort((a, b) => b.likeness - a.likeness || (a.word < b.word ? -1 : 1))
      .slice(0, MOST_ALIKE)
      .map(({ word }) => word);
  }

  #placesOf(trigram: string): number[] {
    const places = this.#having.get(trigram) ?? [];
    this.#having.set(trigram, places);
    return places;
  }
}
