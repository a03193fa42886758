import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { KeyFound } from './api-key.queries.ts';
import { hashOfKey, isWhole } from './api-key.rules.ts';

export interface KeyRingOptions {
  /** The keys of these hashes, as PostgreSQL has them. */
  find(hashes: readonly string[]): Promise<readonly KeyFound[]>;
  /** Notes that a key was used. */
  noteUse(id: string): Promise<void>;
  clock: Clock;
  onError(error: unknown): void;
}

const MOST_KEYS = 5_000;
const RETRY_MS = 500;
/** So often the use of a key is written down, and never while its machine waits. */
const NOTED_MS = 60_000;

interface Known {
  readonly found: KeyFound;
  notedAt: number;
}

/**
 * The keys of machines that this hub has let in. PostgreSQL is asked once for each, so that a key keeps working while the
 * database is away; it notifies every hub when a key is rotated or revoked.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #known = new LRUCache<string, Known>({ max: MOST_KEYS });
  /** How many changes were heard of. */
  #heard = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** The machine that holds a key. Throws UNAUTHENTICATED for a key that is not good; PostgreSQL is asked for none that cannot be. */
  async holderOf(key: string): Promise<KeyFound> {
    if (!isWhole(key))
      throw new HubError('UNAUTHENTICATED', 'this key is not whole: its checksum does not fit what is before it');
    const hash = hashOfKey(key);
    const known = this.#known.get(hash) ?? (await this.#look(hash));
    const { found } = known;
    if (found.isRevoked) throw new HubError('UNAUTHENTICATED', 'this key was revoked');
    if (found.expiresAt <= this.#options.clock.now()) throw new HubError('UNAUTHENTICATED', 'this key has expired');
    this.#note(known);
    return found;
  }

  /** Whether nothing was heard of a key since it was looked at. */
  holds(found: KeyFound): boolean {
    return this.#known.peek(found.hash)?.found === found;
  }

  /** To be called with the account of a NOTIFY, or without one after messages may have been missed. */
  hear(accountId?: string): void {
    this.#heard += 1;
    if (!accountId) void this.#checkAll();
    else
      for (const [hash, { found }] of this.#known.entries())
        if (found.accountId === accountId) this.#known.delete(hash);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  async #look(hash: string): Promise<Known> {
    for (;;) {
      const heard = this.#heard;
      const [found] = await this.#options.find([hash]);
      // A change that was heard of meanwhile may be of this key, and later than what was read.
      if (heard !== this.#heard) continue;
      if (!found) throw new HubError('UNAUTHENTICATED', 'this token is not good');
      const first = this.#known.get(hash) ?? { found, notedAt: Number.NEGATIVE_INFINITY };
      this.#known.set(hash, first);
      return first;
    }
  }

  #note(known: Known): void {
    const now = performance.now();
    if (now - known.notedAt < NOTED_MS) return;
    known.notedAt = now;
    this.#options.noteUse(known.found.id).catch(this.#options.onError);
  }

  /** Reads all keys anew: those that changed while this hub could not hear of it are forgotten. */
  async #checkAll(): Promise<void> {
    clearTimeout(this.#retry);
    const hashes = [...this.#known.keys()];
    if (hashes.length === 0) return;
    const heard = this.#heard;
    try {
      const now = new Map((await this.#options.find(hashes)).map((found) => [found.hash, found]));
      if (heard !== this.#heard) return void this.#checkAll();
      for (const hash of hashes) {
        const known = this.#known.peek(hash);
        if (known && JSON.stringify(known.found) !== JSON.stringify(now.get(hash))) this.#known.delete(hash);
      }
    } catch (error) {
      this.#options.onError(error);
      if (!this.#closed) this.#retry = setTimeout(() => void this.#checkAll(), RETRY_MS);
    }
  }
}
