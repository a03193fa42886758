import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { DeprecatedUses } from '../../../graphql/deprecated-uses.ts';
import type { PublicVersions } from '../public-versions.ts';
import type { CachedAnswer } from './cached-answer.ts';
import { encode } from './encoding.ts';

/**
 * Answers that are identical for every reader, to anonymous queries or at public addresses, kept as bytes for exactly as long
 * as they are what would be answered anew (D-7). All of them belong to one version of what is public: an entry of the
 * journal, a start or an end, a database that goes or comes back begin the next version, and then no answer of before is given
 * again. The version is looked at whenever an answer is asked for, so that none can be older than what this process has
 * delivered.
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

interface Kept {
  readonly answer: CachedAnswer;
  readonly until: number;
}

export class ResponseCache {
  readonly #versions: PublicVersions;
  readonly #deprecated: DeprecatedUses;
  readonly #answers = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    maxEntrySize: LARGEST_BYTES,
    sizeCalculation: ({ answer }, key) => answer.bytes + 2 * key.length + OVERHEAD,
  });
  readonly #spellings = new LRUCache<string, string>({
    maxSize: MOST_SPELLING_BYTES,
    sizeCalculation: (key, bytes) => 2 * (bytes.length + key.length) + OVERHEAD,
  });
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
    const found = this.kept(key);
    if (!found) return undefined;
    this.hit(found);
    if (found.missingFor(request)) void this.complete(key, found, request);
    return found;
  }

  /** The answer that is kept under a key, and counted nowhere yet. */
  kept(key: string): CachedAnswer | undefined {
    this.forgetOutdated();
    const found = this.#answers.get(key);
    return found && found.until > this.#versions.now ? found.answer : undefined;
  }

  /** Counts that an answer is given from memory. */
  hit({ deprecated }: CachedAnswer): void {
    this.#hits += 1;
    this.#deprecated.countAgain(deprecated);
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

  /**
   * Keeps an answer that was worked out wholly within one version of what is public, unless that is over; `until` (milliseconds
   * since 1970) if the clock alone ends it sooner.
   */
  keep(key: string, answer: CachedAnswer, version: number, until = Number.POSITIVE_INFINITY): void {
    if (version === this.forgetOutdated() && until > this.#versions.now) this.#answers.set(key, { answer, until });
  }

  /** The answer with the representation that a client prefers; kept so, if the answer is kept and still holds. */
  async complete(key: string, answer: CachedAnswer, request: IncomingMessage): Promise<CachedAnswer> {
    const missing = answer.missingFor(request);
    if (!missing) return answer;
    try {
      const made = await encode(answer.body, missing);
      const kept = this.#answers.peek(key);
      if (kept?.answer.body === answer.body)
        this.#answers.set(key, { ...kept, answer: kept.answer.with(missing, made) });
      return answer.with(missing, made);
    } catch {
      // Out of memory for a while: it is answered uncompressed.
      return answer;
    }
  }

  figures(): CacheFigures {
    this.forgetOutdated();
    const bytes = this.#answers.calculatedSize + this.#spellings.calculatedSize;
    return { hits: this.#hits, misses: this.#misses, bytes };
  }
}
