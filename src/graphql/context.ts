import DataLoader from 'dataloader';
import type { Actor } from '../access/actor.ts';
import type { Flight } from '../api/answers/kept/flight.ts';
import type { PublicReads } from '../board/public-reads.ts';

/** Makes the batch function of one loader for one request. Its identity is the loader's key. */
export type LoaderFactory<K, V> = () => DataLoader.BatchLoadFn<K, V>;

/** What subscriptions are opened with: they are handed the context, and no resolver. */
export interface Sources {
  readonly reads: PublicReads;
  /** Opens the desk's changes for one person; throws for who may not follow them. */
  openDeskChanges(actor: Actor | null): Promise<AsyncGenerator<object, void>>;
}

/** What every resolver is handed for one operation. */
export interface Context extends Sources {
  readonly actor: Actor | null;
  /** What is learnt of the answer while it is made, where it may turn out to be everybody's. */
  readonly flight?: Flight | undefined;
  /** The request's loader of a factory: made at first use, gone with the request. */
  load<K, V>(factory: LoaderFactory<K, V>): DataLoader<K, V>;
}

export function createContext(actor: Actor | null, sources: Sources, flight?: Flight): Context {
  const loaders = new Map<unknown, unknown>();
  return {
    ...sources,
    actor,
    flight,
    load<K, V>(factory: LoaderFactory<K, V>): DataLoader<K, V> {
      const known = loaders.get(factory);
      if (known) return known as DataLoader<K, V>;
      const made = new DataLoader<K, V>(factory());
      loaders.set(factory, made);
      return made;
    },
  };
}
