import type { Position } from 'geojson';
import { orient2d } from 'robust-predicates';

/** A bounding box: west, south, east, north. */
export type Box = readonly [number, number, number, number];

export const boxesMeet = (a: Box, b: Box): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** A straight piece of a line or a ring, with its bounding box at hand. */
export interface Segment {
  readonly from: Position;
  readonly to: Position;
  readonly box: Box;
}

export function segment(from: Position, to: Position): Segment {
  const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [from, to];
  return { from, to, box: [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)] };
}

/** The segments of a line, or of a closed ring, in order. */
export const segmentsOf = (points: readonly Position[]): Segment[] =>
  points.slice(1).map((to, index) => segment(points[index] ?? to, to));

export const samePoint = (a: Position | undefined, b: Position | undefined): boolean =>
  a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];

/** On which side of a directed line a point lies: 1, -1, or 0 exactly on it (robust: rounding never decides). */
export const sideOf = ([x1 = 0, y1 = 0]: Position, [x2 = 0, y2 = 0]: Position, [x = 0, y = 0]: Position): number =>
  Math.sign(orient2d(x1, y1, x2, y2, x, y));

/** Whether two segments have a point in common, ends included. Exact. */
export function segmentsMeet(a: Segment, b: Segment): boolean {
  if (!boxesMeet(a.box, b.box)) return false;
  // With boxes that meet, segments on one straight line meet as well: all four sides are 0 then.
  return (
    sideOf(a.from, a.to, b.from) * sideOf(a.from, a.to, b.to) <= 0 &&
    sideOf(b.from, b.to, a.from) * sideOf(b.from, b.to, a.to) <= 0
  );
}

const EARTH_METRES = 6_371_008.8;
const RADIAN = Math.PI / 180;
/** Metres in one degree of latitude. */
export const DEGREE_METRES = EARTH_METRES * RADIAN;

/** A box made wider on every side by a distance in metres, never too little. */
export function widened([west, south, east, north]: Box, metres: number): Box {
  const dy = metres / DEGREE_METRES;
  const farthest = Math.min(Math.max(Math.abs(south - dy), Math.abs(north + dy)), 89.9);
  const dx = dy / Math.cos(farthest * RADIAN);
  return [west - dx, south - dy, east + dx, north + dy];
}

/**
 * Metres from a point to a segment, on a plane laid at the point. Good to a few parts in a thousand within 100 km, which
 * is what tolerances and radii need.
 */
export function metresToSegment([lon = 0, lat = 0]: Position, { from, to }: Segment): number {
  const flat = ([x = 0, y = 0]: Position): [number, number] => [
    (x - lon) * Math.cos(lat * RADIAN) * DEGREE_METRES,
    (y - lat) * DEGREE_METRES,
  ];
  const [[x1, y1], [x2, y2]] = [flat(from), flat(to)];
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = dx === 0 && dy === 0 ? 0 : -(x1 * dx + y1 * dy) / (dx * dx + dy * dy);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x1 + share * dx, y1 + share * dy);
}

/** Metres between two points, on the same plane. */
export const metresBetween = (a: Position, b: Position): number => metresToSegment(a, segment(b, b));

/** Metres between two segments; 0 where they meet. */
export const metresBetweenSegments = (a: Segment, b: Segment): number =>
  segmentsMeet(a, b)
    ? 0
    : Math.min(
        metresToSegment(a.from, b),
        metresToSegment(a.to, b),
        metresToSegment(b.from, a),
        metresToSegment(b.to, a),
      );
