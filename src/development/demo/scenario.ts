import type { IncidentLevel } from '../../editorial/incidents/incident.rules.ts';
import type { kindTypes } from '../../publications/kinds.types.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { Persona } from '../development-tokens.ts';

/** A moment of the scenario, given in hours from "now" (negative: before), as RFC 3339. */
export type At = (hours: number) => string;

type InputOf<K extends PublicationKind> = InstanceType<(typeof kindTypes)[K]['input']>;

/** Writes a publication, or a new revision of it. */
type WritingOf<K extends PublicationKind> = {
  do: 'write';
  kind: K;
  thread: string;
  input: (at: At, id: IdOf) => Partial<InputOf<K>>;
};
export type Writing = { [K in PublicationKind]: WritingOf<K> }[PublicationKind];

/** Records what was seen on the ground; `seen` holds the arguments of the mutation beside `id` and `at`. */
export type Observing = { do: 'observe'; kind: PublicationKind; thread: string; seen: object };

/** A mutation of the crisis cell. */
export type CellDeed =
  | 'reviseIncident'
  | 'setIncidentLevel'
  | 'saveShift'
  | 'addLogLine'
  | 'submitReport'
  | 'confirmDecision'
  | 'draftSituationReport'
  | 'reviseSituationReport'
  | 'freezeSituationReport';

/** Everything that one of them asks for; each has some of it. */
export interface CellArguments {
  id: string;
  version: number;
  incident: string;
  level: IncidentLevel;
  reason: string;
  input: unknown;
  parts: unknown;
  revision: number;
  act: string;
  decidedAt: string;
}

/**
 * The crisis cell at work. `of` names the thread whose `id` and `version` the mutation asks for, `as` the thread that it makes;
 * `given` holds its other arguments, and `idOf` knows the account of a persona too.
 */
export interface Running {
  do: 'run';
  deed: CellDeed;
  by: Persona;
  of?: string;
  as?: string;
  given: (at: At, idOf: IdOf) => Partial<CellArguments>;
}

/** One thing that the desk does. `thread` names the publication within the scenario. */
export type Act = Writing | Observing | Running;

/** The id of an earlier thread of the scenario, of its incident, or of the account of a persona. */
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
  /** The personas whose accounts its steps name. */
  people?: readonly Persona[];
  /** Where the facts come from. */
  sources: readonly string[];
  steps: readonly Step[];
}

/** A line between two points, rounded; the demo's roads are illustrative, and their texts say so. */
export const line = (...points: [number, number][]): { type: 'LineString'; coordinates: number[][] } => ({
  type: 'LineString',
  coordinates: points,
});
