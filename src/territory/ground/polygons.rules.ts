import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import type { Position } from 'geojson';
import { type Segment, samePoint, segmentsMeet, segmentsOf, sideOf } from '../segments.rules.ts';

/** The middle of a ring's first edge: unlike a corner, it lies on no other ring of the same polygons. */
export const middleOf = ([[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []]: readonly Position[]): Position => [
  (x1 + x2) / 2,
  (y1 + y2) / 2,
];

/** Whether a point lies in a polygon, its border included. */
export const liesIn = (coordinates: Position[][], point: Position): boolean =>
  booleanPointInPolygon(point, { type: 'Polygon', coordinates });

/**
 * Whether polygons may stand in one MultiPolygon, as GEOS asks it: none lies on another, and their rings touch in corners alone, none
 * itself. A corner upon another ring's edge counts as a fault too. Holes are taken to lie in their polygons.
 */
export const arePolygons = (polygons: readonly Position[][][]): boolean =>
  areApart(polygons.flat()) &&
  polygons.every(([outer = []], index) =>
    polygons.every((other, place) => place === index || !liesIn(other, middleOf(outer))),
  );

function areApart(rings: readonly Position[][]): boolean {
  if (rings.some((points) => new Set(points.map(String)).size !== points.length - 1)) return false;
  const edges = rings.flatMap(segmentsOf).sort((a, b) => a.box[0] - b.box[0]);
  let open: Segment[] = [];
  for (const edge of edges) {
    open = open.filter(({ box }) => box[2] >= edge.box[0]);
    if (open.some((other) => segmentsMeet(edge, other) && !meetInAnEnd(edge, other))) return false;
    open.push(edge);
  }
  return true;
}

/** Whether two segments that meet do so in an end of both, and nowhere else. */
function meetInAnEnd(a: Segment, b: Segment): boolean {
  const end = [a.from, a.to].find((point) => samePoint(point, b.from) || samePoint(point, b.to));
  if (end === undefined) return false;
  const [one, other] = [a, b].map(({ from, to }) => (samePoint(from, end) ? to : from)) as [Position, Position];
  return sideOf(end, one, other) !== 0 || !isSameWay(end, one, other);
}

const isSameWay = ([x = 0, y = 0]: Position, [x1 = 0, y1 = 0]: Position, [x2 = 0, y2 = 0]: Position): boolean =>
  (x1 - x) * (x2 - x) + (y1 - y) * (y2 - y) > 0;
