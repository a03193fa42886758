import DataLoader from 'dataloader';

/** Answers the values of many keys at once, in the order of the keys. */
export type Batch<K, V> = (keys: readonly K[]) => Promise<V[]>;

/**
 * The loaders of one operation, or of all followers of the desk. What the resolvers of one turn ask for becomes one call
 * of the batch function. Nothing is remembered beyond that turn: a field that is read after a mutation, or for the next
 * event of a subscription, is read anew.
 */
export class Loaders {
  readonly #known = new Map<unknown, unknown>();

  /** The loader of a batch function, made at its first use. */
  load<K, V>(batch: Batch<K, V>): DataLoader<K, V> {
    const known = this.#known.get(batch);
    if (known) return known as DataLoader<K, V>;
    const made = new DataLoader<K, V>(batch, { cache: false });
    this.#known.set(batch, made);
    return made;
  }
}

/** A batch function over a search by ids (UUIDs, in either case): null for an id of nothing. */
export const batchById =
  <V>(find: (ids: readonly string[]) => Promise<ReadonlyMap<string, V>>): Batch<string, V | null> =>
  async (ids) => {
    const found = await find([...new Set(ids)]);
    return ids.map((id) => found.get(id.toLowerCase()) ?? null);
  };

/** A batch function that asks a second one for what the first one does not know. */
export const firstFound =
  <K, V>(one: Batch<K, V | null>, other: Batch<K, V | null>): Batch<K, V | null> =>
  async (keys) => {
    const found = await one(keys);
    const missing = keys.filter((_, index) => found[index] === null);
    const rest = missing.length > 0 ? await other(missing) : [];
    let next = 0;
    return found.map((value) => value ?? rest[next++] ?? null);
  };

/** What there is of many keys, in their order. */
export const loadFound = async <K, V>(loader: DataLoader<K, V | null>, keys: readonly K[]): Promise<V[]> =>
  (await Promise.all(keys.map((key) => loader.load(key)))).filter((value) => value !== null);
