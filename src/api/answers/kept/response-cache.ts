import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Moments } from '../moment.ts';
import type { Answer } from './answer.ts';
import { encode } from './encoding.ts';

/**
 * Answers to anonymous queries, identical for every reader, kept as bytes for exactly as long as they are what would be
 * answered anew (D-7). All of them belong to one version of what is public: an entry of the journal, a start or an end, a
 * database that goes or comes back begin the next version, and then no answer of before is given again. The version is
 * looked at whenever an answer is asked for, so that none can be older than what this process has delivered.
 */
const MOST_BYTES = 64 * 2 ** 20;
/** One answer takes no more of it than this. */
const LARGEST_BYTES = 4 * 2 ** 20;
/** Bodies as they were sent, that lead to a key: whoever misspells one a million times drives out the misspelt. */
const MOST_ALIAS_BYTES = 8 * 2 ** 20;
/** What a key takes beside its own characters. */
const OVERHEAD = 200;

/** Counted since the process began, and bytes kept now. */
export interface CacheFigures {
  hits: number;
  misses: number;
  bytes: number;
}

export class ResponseCache {
  readonly #moments: Moments;
  readonly #answers = new LRUCache<string, Answer>({
    maxSize: MOST_BYTES,
    maxEntrySize: LARGEST_BYTES,
    sizeCalculation: ({ bytes }, key) => bytes + 2 * key.length + OVERHEAD,
  });
  readonly #aliases = new LRUCache<string, string>({
    maxSize: MOST_ALIAS_BYTES,
    sizeCalculation: (key, alias) => 2 * (alias.length + key.length) + OVERHEAD,
  });
  readonly #making = new Set<string>();
  #generation = 0;
  #hits = 0;
  #misses = 0;

  constructor(moments: Moments) {
    this.#moments = moments;
  }

  /** The number of the present moment; what was kept of another one is forgotten. */
  get generation(): number {
    const { present } = this.#moments;
    if (present !== this.#generation) this.#answers.clear();
    this.#generation = present;
    return present;
  }

  /** Answers from what is kept under a key; false where nothing is. */
  answer(key: string, request: IncomingMessage, response: ServerResponse): boolean {
    void this.generation;
    const found = this.#answers.get(key);
    if (!found) return false;
    this.#hits += 1;
    found.send(request, response);
    const missing = found.missingFor(request);
    if (missing) void this.#compress(key, found, missing);
    return true;
  }

  /** The key that bytes sent earlier were found to mean. */
  meaningOf(bytes: string): string | undefined {
    return this.#aliases.get(bytes);
  }

  /** Remembers what bytes mean: that does not change with the moment. */
  understand(bytes: string, key: string): void {
    this.#aliases.set(bytes, key);
  }

  /** Counts a query that had to be worked out. */
  miss(): void {
    this.#misses += 1;
  }

  /** Keeps an answer that was worked out wholly within one moment, unless that has passed. */
  keep(key: string, answer: Answer, generation: number): void {
    if (generation === this.generation) this.#answers.set(key, answer);
  }

  get figures(): CacheFigures {
    void this.generation;
    const bytes = this.#answers.calculatedSize + this.#aliases.calculatedSize;
    return { hits: this.#hits, misses: this.#misses, bytes };
  }

  /** Adds a compressed representation, once, while the answer still holds. */
  async #compress(key: string, { body }: Answer, encoding: 'gzip' | 'br'): Promise<void> {
    const making = `${encoding} ${key}`;
    if (this.#making.has(making)) return;
    this.#making.add(making);
    try {
      const made = await encode(body, encoding);
      const kept = this.#answers.peek(key);
      if (kept?.body === body) this.#answers.set(key, kept.with(encoding, made));
    } catch {
      // Out of memory for a moment: it is answered as it is.
    } finally {
      this.#making.delete(making);
    }
  }
}
