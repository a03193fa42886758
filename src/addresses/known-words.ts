import type { Sql } from '../database/sql.ts';
import { WordsAlike } from './words-alike.rules.ts';

interface Known {
  readonly loadedAt: number | undefined;
  readonly alike: WordsAlike;
}

/**
 * The words of the file of addresses, some thousands, by which mistyped ones are known: PostgreSQL would compare the trigrams of nearly all
 * of them for each. A process reads them when a search first finds nothing, and again once another file was loaded.
 */
export class KnownWords {
  readonly #sql: Sql;
  #known: Known | undefined;
  #reading: Promise<Known> | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The words of the file that a search was answered from. */
  async of(loadedAt: Date): Promise<WordsAlike> {
    if (this.#known?.loadedAt === loadedAt.getTime()) return this.#known.alike;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    const known = await this.#reading;
    this.#known = known;
    return known.alike;
  }

  async #read(): Promise<Known> {
    const [row] = await this.#sql<{ loadedAt: Date; words: string[] }>(WORDS);
    return { loadedAt: row?.loadedAt.getTime(), alike: new WordsAlike(row?.words ?? []) };
  }
}

const WORDS = `
  select loaded_at as "loadedAt", (select coalesce(array_agg(word order by word), '{}') from address_word) as words
  from address_load`;
