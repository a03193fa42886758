import type { Position } from 'geojson';
import type { GeoJsonGeometry } from './geometry.rules.ts';
import { holeFault, wind } from './rings.rules.ts';
import { type Segment, samePoint, segment, segmentsMeet, segmentsOf } from './segments.rules.ts';

/**
 * A geometry with at most `most` points (4 or more) in every line and ring, as like the one given as that allows
 * (Visvalingam: the corner that spans the least area goes first). Rings stay closed and simple. A hole that would come
 * to cross or leave the outer ring is given up, so that the shape never loses ground by it. Parts of a MultiPolygon are thinned
 * each for itself. What is small enough is returned as it is. Throws a RangeError for `most` below 4.
 */
export function simplify<T extends GeoJsonGeometry>(geometry: T, most: number): T;
export function simplify(geometry: GeoJsonGeometry, most: number): GeoJsonGeometry {
  if (!(most >= 4)) throw new RangeError(`a ring needs 4 points, not ${most}`);
  switch (geometry.type) {
    case 'Point':
      return geometry;
    case 'LineString':
      return { ...geometry, coordinates: thin(geometry.coordinates, most) };
    case 'MultiLineString':
      return { ...geometry, coordinates: geometry.coordinates.map((line) => thin(line, most)) };
    case 'Polygon':
      return { ...geometry, coordinates: thinPolygon(geometry.coordinates, most) };
    case 'MultiPolygon':
      return { ...geometry, coordinates: geometry.coordinates.map((rings) => thinPolygon(rings, most)) };
  }
}

function thinPolygon(rings: Position[][], most: number): Position[][] {
  if (rings.every((ring) => ring.length <= most)) return rings;
  const [outer = [], ...holes] = rings.map((ring) => thin(ring, most));
  const kept: Position[][] = [outer];
  for (const hole of holes) if (!holeFault([outer, hole])) kept.push(hole);
  return wind(kept);
}

/** Takes corners away until `most` points are left; never one whose shortcut would touch the rest. */
function thin(given: readonly Position[], most: number): Position[] {
  const points = [...given];
  const closed = samePoint(points[0], points.at(-1));
  const blocked = new Set<Position>();
  while (points.length > most) {
    const index = leastCorner(points, closed, blocked);
    const corner = points[index];
    // A simple ring always has a corner to cut; a line that crosses itself may run out of them.
    if (corner === undefined) return closed ? points : thinAnyhow(points, most);
    if (cutsThrough(points, index, closed)) blocked.add(corner);
    else {
      remove(points, index, closed);
      blocked.clear();
    }
  }
  return points;
}

function thinAnyhow(points: Position[], most: number): Position[] {
  while (points.length > most) points.splice(leastCorner(points, false, new Set()), 1);
  return points;
}

/** The ends of a line stay; the end of a ring is a corner like the others, found at index 0. */
function leastCorner(points: readonly Position[], closed: boolean, blocked: ReadonlySet<Position>): number {
  let [least, found] = [Number.POSITIVE_INFINITY, -1];
  for (let index = closed ? 0 : 1; index < points.length - 1; index++) {
    const corner = points[index];
    if (corner === undefined || blocked.has(corner)) continue;
    const [before, after] = neighbours(points, index);
    const area = spanned(before, corner, after);
    if (area < least) [least, found] = [area, index];
  }
  return found;
}

function neighbours(points: readonly Position[], index: number): [Position, Position] {
  const before = index === 0 ? points.at(-2) : points[index - 1];
  return [before ?? [], points[index + 1] ?? []];
}

function spanned([x1 = 0, y1 = 0]: Position, [x2 = 0, y2 = 0]: Position, [x3 = 0, y3 = 0]: Position): number {
  return Math.abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1));
}

/** Whether the shortcut past a corner would touch a segment other than the two it replaces and their neighbours. */
function cutsThrough(points: readonly Position[], index: number, closed: boolean): boolean {
  const [before, after] = neighbours(points, index);
  const corner = points[index];
  const shortcut = segment(before, after);
  const shares = ({ from, to }: Segment) => [from, to].some((end) => samePoint(end, before) || samePoint(end, after));
  return segmentsOf(points).some((other) => {
    if (samePoint(other.from, corner) || samePoint(other.to, corner)) return false;
    if (!segmentsMeet(shortcut, other)) return false;
    return !shares(other) || (closed && overlaps(shortcut, other));
  });
}

/** Whether a segment that shares an end with another also holds its other end, or lies in it. */
function overlaps(a: Segment, b: Segment): boolean {
  const far = samePoint(b.from, a.from) || samePoint(b.from, a.to) ? b.to : b.from;
  const near = far === b.to ? b.from : b.to;
  const other = samePoint(near, a.from) ? a.to : a.from;
  return segmentsMeet(a, segment(far, far)) || segmentsMeet(b, segment(other, other));
}

function remove(points: Position[], index: number, closed: boolean): void {
  points.splice(index, 1);
  const [first] = points;
  if (closed && index === 0 && first) points[points.length - 1] = first;
}
