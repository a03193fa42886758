import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import type { Position } from 'geojson';
import { type Segment, samePoint, segmentsMeet, segmentsOf, sideOf } from './segments.rules.ts';

/** Twice the signed area of a linear ring; positive when it runs counter-clockwise. */
export function signedArea(points: readonly Position[]): number {
  // Taken from the first corner, so that small rings far from 0, 0 do not drown in rounding.
  const [[left = 0, low = 0] = []] = points;
  return points.reduce((sum, [x1 = 0, y1 = 0], index) => {
    const [x2 = 0, y2 = 0] = points[(index + 1) % points.length] ?? [];
    return sum + ((x1 - left) * (y2 - low) - (x2 - left) * (y1 - low));
  }, 0);
}

/** The right-hand rule of RFC 7946: outer rings counter-clockwise, holes clockwise. */
export function wind(rings: Position[][]): Position[][] {
  return rings.map((points, index) => (signedArea(points) > 0 === (index === 0) ? points : points.toReversed()));
}

/** Points that repeat the one before them say nothing; rounding makes some. */
export const withoutRepeats = (points: readonly Position[]): Position[] =>
  points.filter((point, index) => index === 0 || !samePoint(point, points[index - 1]));

/** The fault of a linear ring (without repeats), in words for the client that sent it; undefined for a good one. */
export function ringFault(points: readonly Position[]): string | undefined {
  if (!samePoint(points[0], points.at(-1))) return 'a ring must be closed: its last point equals its first';
  if (points.length < 4) return 'a ring needs at least 4 points, of which 3 differ';
  const crossing = firstCrossing(segmentsOf(points));
  return crossing && `a ring must not touch or cross itself: it does near [${crossing.join(', ')}]`;
}

/** The fault between the linear rings of a polygon, each of them good: holes lie in the outer one, apart from each other. */
export function holeFault([outer = [], ...holes]: readonly Position[][]): string | undefined {
  const misplaced = holes.findIndex(
    (hole) => !hole.every((point) => booleanPointInPolygon(point, { type: 'Polygon', coordinates: [outer] })),
  );
  if (misplaced >= 0) return `hole ${misplaced + 1} must lie within the outer ring`;
  const rings = [outer, ...holes].map(segmentsOf);
  // Rings of one polygon may touch in a point (RFC 7946 leaves that to OGC simple features), never cross.
  const crossing = rings.some((ring, index) =>
    rings.slice(index + 1).some((other) => ring.some((a) => other.some((b) => segmentsCross(a, b)))),
  );
  return crossing ? 'the rings of a polygon must not cross each other' : undefined;
}

/** Whether two segments cross within both, not merely touch. */
export const segmentsCross = (a: Segment, b: Segment): boolean =>
  segmentsMeet(a, b) &&
  sideOf(a.from, a.to, b.from) * sideOf(a.from, a.to, b.to) < 0 &&
  sideOf(b.from, b.to, a.from) * sideOf(b.from, b.to, a.to) < 0;

/** The start of a segment that meets another than its neighbours, or that turns back on a neighbour. */
function firstCrossing(ring: readonly Segment[]): Position | undefined {
  const last = ring.length - 1;
  const order = ring.map((segment, index) => ({ segment, index })).sort((a, b) => a.segment.box[0] - b.segment.box[0]);
  let open: typeof order = [];
  for (const { segment, index } of order) {
    open = open.filter(({ segment: { box } }) => box[2] >= segment.box[0]);
    for (const other of open) {
      const [first, second] = index < other.index ? [index, other.index] : [other.index, index];
      const neighbours = second - first === 1 || (first === 0 && second === last);
      if (neighbours ? turnsBack(segment, other.segment) : segmentsMeet(segment, other.segment)) return segment.from;
    }
    open.push({ segment, index });
  }
  return undefined;
}

/** Neighbours share one point by nature; they overlap when they leave it in the same direction. */
function turnsBack(a: Segment, b: Segment): boolean {
  const [before, after] = samePoint(a.to, b.from) ? [a, b] : [b, a];
  if (sideOf(before.from, before.to, after.to) !== 0) return false;
  const [x1 = 0, y1 = 0] = before.from;
  const [x2 = 0, y2 = 0] = before.to;
  const [x3 = 0, y3 = 0] = after.to;
  return (x1 - x2) * (x3 - x2) + (y1 - y2) * (y3 - y2) > 0;
}
