/** How many items the lists of a document hold in all, by their path: `areas.communes` counts those of every area. */
export type DocumentSizes = ReadonlyMap<string, number>;

const known = new WeakMap<object, DocumentSizes>();

/** The sizes of what was measured before. */
export const knownSizesOf = (measured: object): DocumentSizes | undefined => known.get(measured);

/** The sizes of a document, which never changes: it is gone through once. It may stand for what reads it. */
export function sizesOf(measured: object, read: () => object = () => measured): DocumentSizes {
  const found = known.get(measured);
  if (found) return found;
  const sizes = new Map<string, number>();
  count(read(), '', sizes);
  known.set(measured, sizes);
  return sizes;
}

function count(value: unknown, path: string, sizes: Map<string, number>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    // Coordinates are written whole, as a leaf.
    if (Array.isArray(value[0]) || typeof value[0] === 'number') return;
    sizes.set(path, (sizes.get(path) ?? 0) + value.length);
    if (typeof value[0] === 'object') for (const item of value) count(item, path, sizes);
    return;
  }
  for (const [key, held] of Object.entries(value)) count(held, path === '' ? key : `${path}.${key}`, sizes);
}

/** The sizes of one list over many documents, largest first, and summed up from there. */
export class SizeTable {
  readonly #sums: readonly number[];
  readonly #all: number;

  /** `all`: how many there are, of which some may not be measured. */
  constructor(sizes: readonly number[], all = sizes.length) {
    this.#all = all;
    let sum = 0;
    this.#sums = sizes
      .toSorted((a, b) => b - a)
      .map((size) => {
        sum += size;
        return sum;
      });
  }

  get largest(): number {
    return this.#sums[0] ?? 0;
  }

  /** The most items that so many different ones have together, of those that there are. */
  most(wanted: number): number {
    return this.likely(Math.min(wanted, this.#all));
  }

  /** The same where there may be more: those that nobody measured are as large as the others on average. */
  likely(wanted: number): number {
    const count = this.#sums.length;
    const measured = this.#sums[Math.min(wanted, count) - 1] ?? 0;
    if (wanted <= count) return measured;
    const mean = count === 0 ? 1 : Math.max(1, measured / count);
    return measured + Math.ceil((wanted - count) * mean);
  }
}
