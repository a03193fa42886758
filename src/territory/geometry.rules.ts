import { bbox } from '@turf/bbox';
import { kinks } from '@turf/kinks';
import type { LineString, MultiLineString, MultiPolygon, Point, Polygon, Position } from 'geojson';
import { z } from 'zod';

/** Geometries as RFC 7946 has them, WGS 84, longitude before latitude, without altitude. */
export type GeoJsonGeometry = Point | LineString | MultiLineString | Polygon | MultiPolygon;
export type Outline = Polygon | MultiPolygon;

const DECIMALS = 1e6;
const round = (degrees: number): number => Math.round(degrees * DECIMALS) / DECIMALS;

// The Essonne lies near 2° E, 48.5° N: a pair the other way round is a swap, and the commonest mistake there is.
const looksSwapped = ([lon = 0, lat = 0]: Position): boolean => lon > 47 && lon < 50 && lat > 1 && lat < 4;

const position = z
  .array(z.number())
  .min(2, 'must be a pair of longitude and latitude')
  .max(3, 'must be a pair of longitude and latitude')
  .superRefine((pair, context) => {
    const [lon = 0, lat = 0] = pair;
    if (looksSwapped(pair))
      context.addIssue({
        code: 'custom',
        message: `longitude and latitude look swapped: the Essonne is near [2.3, 48.5], not [${lon}, ${lat}]`,
      });
    else if (Math.abs(lon) > 180 || Math.abs(lat) > 90)
      context.addIssue({ code: 'custom', message: `[${lon}, ${lat}] is not on earth: longitude first, then latitude` });
  })
  .transform(([lon = 0, lat = 0]): Position => [round(lon), round(lat)]);

const same = (a: Position | undefined, b: Position | undefined): boolean =>
  a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];

const ring = z
  .array(position)
  .max(20_000)
  .superRefine((points, context) => {
    if (points.length < 4) context.addIssue({ code: 'custom', message: 'a ring needs at least 4 points' });
    else if (!same(points[0], points.at(-1)))
      context.addIssue({ code: 'custom', message: 'a ring must be closed: its last point equals its first' });
    else if (kinks({ type: 'Polygon', coordinates: [points] }).features.length > 0)
      context.addIssue({ code: 'custom', message: 'a ring must not cross itself' });
  });

const rings = z.array(ring).min(1, 'a polygon needs an outer ring').transform(wind);
const line = z.array(position).min(2, 'a line needs at least 2 points').max(20_000);

const point = z.object({ type: z.literal('Point'), coordinates: position });
const lineString = z.object({ type: z.literal('LineString'), coordinates: line });
const multiLineString = z.object({ type: z.literal('MultiLineString'), coordinates: z.array(line).min(1) });
const polygon = z.object({ type: z.literal('Polygon'), coordinates: rings });
const multiPolygon = z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(rings).min(1) });

/** Any geometry that a publication may carry, checked, rounded to six decimals and wound as RFC 7946 asks. */
export const geometrySchema = z.discriminatedUnion('type', [point, lineString, multiLineString, polygon, multiPolygon]);
/** The path of a road. */
export const lineSchema = z.discriminatedUnion('type', [lineString, multiLineString]);
export const outlineSchema = z.discriminatedUnion('type', [polygon, multiPolygon]);

/** Twice the signed area of a ring; positive when it runs counter-clockwise. */
const signedArea = (points: readonly Position[]): number =>
  points.reduce((sum, [x1 = 0, y1 = 0], index) => {
    const [x2 = 0, y2 = 0] = points[(index + 1) % points.length] ?? [];
    return sum + (x1 * y2 - x2 * y1);
  }, 0);

/** The right-hand rule: outer rings counter-clockwise, holes clockwise. */
export function wind(rings: Position[][]): Position[][] {
  return rings.map((points, index) => (signedArea(points) > 0 === (index === 0) ? points : points.toReversed()));
}

/** A bounding box: west, south, east, north. */
export type Box = readonly [number, number, number, number];

export function boxOf(geometry: GeoJsonGeometry): Box {
  const [west = 0, south = 0, east = 0, north = 0] = bbox(geometry);
  return [west, south, east, north];
}

export const boxesMeet = (a: Box, b: Box): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** Every position of a geometry. */
export function positionsOf(geometry: GeoJsonGeometry): Position[] {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates];
    case 'LineString':
      return geometry.coordinates;
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.flat();
    case 'MultiPolygon':
      return geometry.coordinates.flat(2);
  }
}
