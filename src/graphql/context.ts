import type DataLoader from 'dataloader';
import type { Actor } from '../access/actor.ts';
import { BUDGETS, Budget } from './cost/budget.ts';
import { type Batch, Loaders } from './loaders.ts';

/** What graphql-js hands to every resolver of one operation. */
export interface Context {
  readonly actor: Actor | null;
  /** Bounds how much the operation may resolve and answer: more for staff. */
  readonly budget: Budget;
  /** Called when a resolver returns a promise: such an answer may have read more than the board, and is not shared. */
  readonly onPromise?: (() => void) | undefined;
  /** The loader of a batch function: what the resolvers of one turn ask for is read at once. */
  load<K, V>(batch: Batch<K, V>): DataLoader<K, V>;
}

/**
 * The context of one operation. `sources` is what subscriptions are opened with: graphql-js hands them the context and
 * no resolver. Each subscription declares which sources it wants; app.ts brings them all. Operations that are executed at
 * the same time may have `loaders` in common.
 */
export function createContext<S extends object>(
  actor: Actor | null,
  sources: S,
  onPromise?: () => void,
  loaders: Loaders = new Loaders(),
): Context & Readonly<S> {
  return {
    ...sources,
    actor,
    budget: new Budget(actor ? BUDGETS.staff : BUDGETS.public),
    onPromise,
    load: (batch) => loaders.load(batch),
  };
}
