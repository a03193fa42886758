import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { DeprecatedUses } from '../../../graphql/deprecated-uses.ts';
import type { PublicVersions } from '../public-versions.ts';
import type { CachedAnswer } from './cached-answer.ts';
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
/** Bodies as they were sent, each with its key: a flood of variant spellings evicts only other variants. */
const MOST_SPELLING_BYTES = 8 * 2 ** 20;
/** What a key takes beside its own characters. */
const OVERHEAD = 200;

/** Counted since the process began, and bytes kept now. */
export interface CacheFigures {
  hits: number;
  misses: number;
  bytes: number;
}

export class ResponseCache {
  readonly #versions: PublicVersions;
  readonly #deprecated: DeprecatedUses;
  readonly #answers = new LRUCache<string, CachedAnswer>({
    maxSize: MOST_BYTES,
    maxEntrySize: LARGEST_BYTES,
    sizeCalculation: ({ bytes }, key) => bytes + 2 * key.length + OVERHEAD,
  });
  readonly #spellings = new LRUCache<string, string>({
    maxSize: MOST_SPELLING_BYTES,
    sizeCalculation: (key, bytes) => 2 * (bytes.length + key.length) + OVERHEAD,
  });
  readonly #making = new Set<string>();
  #version = 0;
  #hits = 0;
  #misses = 0;

  constructor(versions: PublicVersions, deprecated: DeprecatedUses) {
    this.#versions = versions;
    this.#deprecated = deprecated;
  }

  /** Forgets the answers of an earlier version of what is public; answers the number of the present one. */
  forgetOutdated(): number {
    const current = this.#versions.current();
    if (current !== this.#version) this.#answers.clear();
    this.#version = current;
    return current;
  }

  /** The answer that is kept under a key; a representation that its client prefers is made for the next one. */
  find(key: string, request: IncomingMessage): CachedAnswer | undefined {
    this.forgetOutdated();
    const found = this.#answers.get(key);
    if (!found) return undefined;
    this.#hits += 1;
    this.#deprecated.countAgain(found.deprecated);
    const missing = found.missingFor(request);
    if (missing) void this.#compress(key, found, missing);
    return found;
  }

  /** The key that these bytes were found to mean before. */
  meaningOf(bytes: string): string | undefined {
    return this.#spellings.get(bytes);
  }

  /** Remembers what bytes mean: that is the same in every version of what is public. */
  learn(bytes: string, key: string): void {
    this.#spellings.set(bytes, key);
  }

  /** Counts a query whose answer has to be worked out. */
  miss(): void {
    this.#misses += 1;
  }

  /** Keeps an answer that was worked out wholly within one version of what is public, unless that is over. */
  keep(key: string, answer: CachedAnswer, version: number): void {
    if (version === this.forgetOutdated()) this.#answers.set(key, answer);
  }

  figures(): CacheFigures {
    this.forgetOutdated();
    const bytes = this.#answers.calculatedSize + this.#spellings.calculatedSize;
    return { hits: this.#hits, misses: this.#misses, bytes };
  }

  /** Adds a compressed representation, once, while the answer still holds. */
  async #compress(key: string, { body }: CachedAnswer, encoding: 'gzip' | 'br'): Promise<void> {
    const making = `${encoding} ${key}`;
    if (this.#making.has(making)) return;
    this.#making.add(making);
    try {
      const made = await encode(body, encoding);
      const kept = this.#answers.peek(key);
      if (kept?.body === body) this.#answers.set(key, kept.with(encoding, made));
    } catch {
      // Out of memory for a while: it is answered uncompressed.
    } finally {
      this.#making.delete(making);
    }
  }
}
