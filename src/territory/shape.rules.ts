import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import type { Position } from 'geojson';
import { boxOf, type GeoJsonGeometry } from './geometry.rules.ts';
import {
  type Box,
  boxesMeet,
  metresBetweenSegments,
  type Segment,
  segment,
  segmentsMeet,
  segmentsOf,
  widened,
} from './segments.rules.ts';

/** A geometry taken apart once, so that many can be compared with it quickly. */
export interface Shape {
  readonly box: Box;
  readonly segments: readonly Segment[];
  /** One point of each connected part. */
  readonly starts: readonly Position[];
  readonly polygons: readonly Position[][][];
}

export function shapeOf(geometry: GeoJsonGeometry): Shape {
  const { lines, polygons } = partsOf(geometry);
  return {
    box: boxOf(geometry),
    polygons,
    starts: [...lines, ...polygons.map(([outer = []]) => outer)].flatMap((points) => points.slice(0, 1)),
    segments: [...lines, ...polygons.flat()].flatMap((points) =>
      points.length === 1 ? points.map((point) => segment(point, point)) : segmentsOf(points),
    ),
  };
}

function partsOf(geometry: GeoJsonGeometry): { lines: Position[][]; polygons: Position[][][] } {
  switch (geometry.type) {
    case 'Point':
      return { lines: [[geometry.coordinates]], polygons: [] };
    case 'LineString':
      return { lines: [geometry.coordinates], polygons: [] };
    case 'MultiLineString':
      return { lines: geometry.coordinates, polygons: [] };
    case 'Polygon':
      return { lines: [], polygons: [geometry.coordinates] };
    case 'MultiPolygon':
      return { lines: [], polygons: geometry.coordinates };
  }
}

/** Whether a point lies in one of the polygons of a shape, borders included. */
export const holds = (shape: Shape, point: Position): boolean =>
  shape.polygons.some((coordinates) => booleanPointInPolygon(point, { type: 'Polygon', coordinates }));

/** Whether two shapes have a point in common, borders included. */
export function touches(a: Shape, b: Shape): boolean {
  if (!boxesMeet(a.box, b.box)) return false;
  const others = within(b.segments, a.box);
  // Where no borders meet, one shape lies wholly in the other or wholly outside.
  return (
    within(a.segments, b.box).some((one) => others.some((other) => segmentsMeet(one, other))) ||
    a.starts.some((point) => holds(b, point)) ||
    b.starts.some((point) => holds(a, point))
  );
}

/** Whether two shapes come within a distance of each other, in metres. */
export function comesWithin(a: Shape, b: Shape, metres: number): boolean {
  const near = widened(a.box, metres);
  if (!boxesMeet(near, b.box)) return false;
  if (touches(a, b)) return true;
  const others = within(b.segments, near);
  return within(a.segments, widened(b.box, metres)).some((one) => {
    const reach = widened(one.box, metres);
    return others.some((other) => boxesMeet(reach, other.box) && metresBetweenSegments(one, other) <= metres);
  });
}

const within = (segments: readonly Segment[], box: Box): Segment[] =>
  segments.filter((segment) => boxesMeet(segment.box, box));
