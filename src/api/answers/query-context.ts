import type { Actor } from '../../access/actor.ts';
import { type Context, createContext } from '../../graphql/context.ts';
import type { Flight } from './kept/flight.ts';

export interface QueryContext extends Context {
  readonly flight: Flight | undefined;
}

export const queryContext = (actor: Actor | null, sources: object, flight: Flight | undefined): QueryContext =>
  createContext(actor, { ...sources, flight }, flight && (() => flight.waits()));
