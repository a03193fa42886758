import { decisionOf } from '../decision/decision.content.ts';
import type { MapFace } from '../kind/map.ts';
import type { ClosureDocument } from './closure.content.ts';
import { closureObserved, reopenedAt } from './closure.rules.ts';

/** The path of each road, in the direction of traffic where it is one. */
export const closureMap: MapFace<ClosureDocument> = {
  path: '/geo/closures.geojson',
  title: 'Routes fermées (carte)',
  bySeverity: false,
  geometry: ({ path }) => path,
  properties: (closure) => ({
    restriction: closure.restriction,
    direction: closure.direction,
    roads: closure.roads,
    cause: closure.cause,
    decision: decisionOf(closure),
    detour: closure.detour,
    crossingPoints: closure.crossingPoints,
    event: closure.eventId,
    // An observation on the ground goes before the plan.
    observed: closureObserved(closure),
    reopenedAt: reopenedAt(closure),
  }),
};
