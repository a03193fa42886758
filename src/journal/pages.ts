import { LRUCache } from 'lru-cache';
import type { Sql } from '../database/sql.ts';
import type { Entry, Head } from './entry.ts';
import { readAfter } from './journal.queries.ts';
import { weightOf } from './weight.rules.ts';

/** Entries of one page: not many more than a reader gets at one go, since it reads again what it could not take. */
const PAGE = 100;

/**
 * The journal as the table holds it, for readers that are further behind than memory reaches. Thousands of them come back
 * at once: a page is read once for all, and the pages used last are kept, bounded by their weight. Pages begin at round
 * positions; a page that reaches to the head has another key as soon as the head moves on.
 */
export class Pages<D> {
  readonly #sql: Sql;
  readonly #kept: LRUCache<string, readonly Entry<D>[]>;
  readonly #reading = new Map<string, Promise<readonly Entry<D>[]>>();

  constructor(sql: Sql, mostBytes: number) {
    this.#sql = sql;
    this.#kept = new LRUCache({ maxSize: mostBytes, sizeCalculation: (entries) => weightOf(entries) });
  }

  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  /** Some of the entries after a position, oldest first and not behind the head; none only at the head. */
  async after(position: number, head: Head): Promise<readonly Entry<D>[]> {
    const start = position - (position % PAGE);
    const page = await this.#page(start, head);
    return position === start ? page : page.slice(position - start);
  }

  /** Whether these entries need no read of the table of their own: they are kept, or being read for others. */
  isAtHand(position: number, head: Head): boolean {
    const key = keyOf(position - (position % PAGE), head);
    return this.#kept.has(key) || this.#reading.has(key);
  }

  async #page(start: number, head: Head): Promise<readonly Entry<D>[]> {
    const key = keyOf(start, head);
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const known = this.#reading.get(key);
    if (known) return known;
    const reading = this.#read(start, head.position).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    const page = await reading;
    if (page.length > 0) this.#kept.set(key, page);
    return page;
  }

  async #read(start: number, head: number): Promise<readonly Entry<D>[]> {
    const page = await readAfter<D>(this.#sql, start, PAGE);
    // The table may hold entries that the tail of this process has not given out yet.
    return page.filter(({ position }) => position <= head);
  }
}

/** A journal that was restored from a backup has other entries at these positions. */
const keyOf = (start: number, { epoch, position }: Head): string =>
  `${epoch}@${start}-${Math.min(start + PAGE, position)}`;
