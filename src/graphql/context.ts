import DataLoader from 'dataloader';
import type { Actor } from '../access/actor.ts';

/** Makes the batch function of one loader for one request. Its identity is the loader's key. */
export type LoaderFactory<K, V> = () => DataLoader.BatchLoadFn<K, V>;

/** What graphql-js hands to every resolver of one operation. */
export interface Context {
  readonly actor: Actor | null;
  /** Called when a resolver returns a promise: such an answer may have read more than the board, and is not shared. */
  readonly onPromise?: (() => void) | undefined;
  /** The request's loader of a factory: made at first use, gone with the request. */
  load<K, V>(factory: LoaderFactory<K, V>): DataLoader<K, V>;
}

/**
 * The context of one operation. `sources` is what subscriptions are opened with: graphql-js hands them the context and
 * no resolver. Each subscription declares which sources it wants; app.ts brings them all.
 */
export function createContext<S extends object>(
  actor: Actor | null,
  sources: S,
  onPromise?: () => void,
): Context & Readonly<S> {
  const loaders = new Map<unknown, unknown>();
  return {
    ...sources,
    actor,
    onPromise,
    load<K, V>(factory: LoaderFactory<K, V>): DataLoader<K, V> {
      const known = loaders.get(factory);
      if (known) return known as DataLoader<K, V>;
      const made = new DataLoader<K, V>(factory());
      loaders.set(factory, made);
      return made;
    },
  };
}
