import type { AdviceInput } from '../../publications/advice/advice.types.ts';
import type { AlertInput } from '../../publications/alert/alert.types.ts';
import type { ClosureInput } from '../../publications/closure/closure.types.ts';
import type { CorrectionInput } from '../../publications/correction/correction.types.ts';
import type { EventInput } from '../../publications/event/event.types.ts';

/** A moment of the scenario, given in hours from "now" (negative: before), as RFC 3339. */
export type At = (hours: number) => string;

type Given<T> = Partial<T>;

/** One thing that the desk does. `thread` names the publication within the scenario. */
export type Act =
  | { do: 'alert'; thread: string; input: (at: At, id: IdOf) => Given<AlertInput> }
  | { do: 'event'; thread: string; input: (at: At, id: IdOf) => Given<EventInput> }
  | { do: 'closure'; thread: string; input: (at: At, id: IdOf) => Given<ClosureInput> }
  | { do: 'correction'; thread: string; input: (at: At, id: IdOf) => Given<CorrectionInput> }
  | { do: 'advice'; thread: string; input: (at: At, id: IdOf) => Given<AdviceInput> }
  | { do: 'observe'; thread: string; state: 'IN_PLACE' | 'REOPENED'; note: string };

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
