import { createHash } from 'node:crypto';

/** Bytes as they are answered, with what conditional requests compare. */
export interface Rendered {
  readonly body: Buffer;
  /** Strong: it is made of the bytes. */
  readonly etag: string;
  /** When these bytes were first seen here, in milliseconds since 1970. */
  readonly lastModified: number;
}

interface Kept extends Rendered {
  readonly version: number;
  /** From when to when (milliseconds since 1970) they are good without a new look. */
  readonly from: number;
  readonly until: number;
}

/** What renderings depend on beside their key: the board has all of this. */
export interface Source {
  readonly version: number;
  readonly now: number;
  /** The next moment at which time alone changes what is rendered. */
  horizon(): number;
}

const MOST_ENTRIES = 500;
const MOST_BYTES = 64 * 2 ** 20;
/** Formats that follow the clock in smaller steps than the board's are looked at anew after this time. */
const LONGEST_MS = 60_000;

/**
 * Renders once for each key and version of the board, and keeps a bounded number: those asked for last stay. What was
 * rendered anew to the same bytes keeps the moment at which it was modified.
 */
export class Renderings {
  readonly #source: Source;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  get(key: string, render: () => string): Rendered {
    const { version, now } = this.#source;
    const known = this.#kept.get(key);
    const isFresh = known && known.version === version && known.from <= now && now < known.until;
    const current = isFresh ? known : this.#render(render, known, version, now);
    this.#keep(key, current);
    return current;
  }

  get size(): number {
    return this.#kept.size;
  }

  #render(render: () => string, known: Kept | undefined, version: number, now: number): Kept {
    const until = Math.min(this.#source.horizon(), now + LONGEST_MS);
    const made = rendered(render(), now);
    return { ...(known?.etag === made.etag ? known : made), version, from: now, until };
  }

  #keep(key: string, kept: Kept): void {
    this.#bytes += kept.body.length - (this.#kept.get(key)?.body.length ?? 0);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const [oldest, { body }] of this.#kept) {
      if ((this.#kept.size <= MOST_ENTRIES && this.#bytes <= MOST_BYTES) || oldest === key) return;
      this.#kept.delete(oldest);
      this.#bytes -= body.length;
    }
  }
}

/** Text as it is answered, in UTF-8; `at` in milliseconds since 1970. */
export function rendered(text: string, at: number): Rendered {
  const body = Buffer.from(text);
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return { body, etag, lastModified: at };
}
