import { LRUCache } from 'lru-cache';
import { CLOCK_STEP_MS, type Validated, validated } from '../../http/conditional.ts';

interface Rendering extends Validated {
  readonly version: number;
  /** From when to when (milliseconds since 1970) they are good without a new look. */
  readonly from: number;
  readonly until: number;
}

/** What renderings depend on beside their key: the board has all of this. */
export interface RenderingSource {
  readonly version: number;
  readonly now: number;
  /** The next moment at which time alone changes what is rendered. */
  horizon(): number;
}

const MOST_ENTRIES = 500;
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Renders once for each key and version of the board, and keeps a bounded number: those asked for last stay. Bytes that
 * come out the same keep the date at which they were first made.
 */
export class Renderings {
  readonly #source: RenderingSource;
  readonly #kept = new LRUCache<string, Rendering>({
    max: MOST_ENTRIES,
    maxSize: MOST_BYTES,
    // The library wants a size above zero.
    sizeCalculation: ({ body }) => body.length + 1,
  });

  constructor(source: RenderingSource) {
    this.#source = source;
  }

  /** The rendering of a key; `render` is called where none is kept that is still good. */
  renderingFor(key: string, render: () => string): Validated & { until: number } {
    const { version, now } = this.#source;
    const known = this.#kept.get(key);
    if (known && known.version === version && known.from <= now && now < known.until) return known;
    const until = Math.min(this.#source.horizon(), now + CLOCK_STEP_MS);
    const made = validated(render(), now);
    const rendering = { ...(known?.etag === made.etag ? known : made), version, from: now, until };
    this.#kept.set(key, rendering);
    return rendering;
  }

  get size(): number {
    return this.#kept.size;
  }
}
