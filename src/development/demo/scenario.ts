import type { kindTypes } from '../../publications/kinds.types.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';

/** A moment of the scenario, given in hours from "now" (negative: before), as RFC 3339. */
export type At = (hours: number) => string;

type InputOf<K extends PublicationKind> = InstanceType<(typeof kindTypes)[K]['input']>;

/** Writes a publication, or a new revision of it. */
type Writing<K extends PublicationKind> = {
  do: 'write';
  kind: K;
  thread: string;
  input: (at: At, id: IdOf) => Partial<InputOf<K>>;
};

/** Records what was seen on the ground; `seen` holds the arguments of the mutation beside `id` and `at`. */
type Observing = { do: 'observe'; kind: PublicationKind; thread: string; seen: object };

/** One thing that the desk does. `thread` names the publication within the scenario. */
export type Act = { [K in PublicationKind]: Writing<K> }[PublicationKind] | Observing;

/** The id of an earlier thread of the scenario, or of its incident. */
export type IdOf = (thread: string) => string;

export interface Step {
  /** Hours from now at which it happened, for the demo that is loaded at once. */
  hours: number;
  /** A line for the person who watches the replay, in French. */
  say: string;
  act: Act;
}

export interface Scenario {
  name: string;
  title: string;
  incident: { slug: string; title: string };
  /** Where the facts come from. */
  sources: readonly string[];
  steps: readonly Step[];
}

/** A line between two points, rounded; the demo's roads are illustrative, and their texts say so. */
export const line = (...points: [number, number][]): { type: 'LineString'; coordinates: number[][] } => ({
  type: 'LineString',
  coordinates: points,
});
