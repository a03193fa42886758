import { bbox } from '@turf/bbox';
import type { LineString, MultiLineString, MultiPolygon, Point, Polygon, Position } from 'geojson';
import { z } from 'zod';
import { holeFault, ringFault, wind, withoutRepeats } from './rings.rules.ts';
import type { Box } from './segments.rules.ts';

/** Geometries as RFC 7946 has them, WGS 84, longitude before latitude, without altitude. */
export type GeoJsonGeometry = Point | LineString | MultiLineString | Polygon | MultiPolygon;
export type Outline = Polygon | MultiPolygon;

export const isOutline = (geometry: GeoJsonGeometry): geometry is Outline =>
  geometry.type === 'Polygon' || geometry.type === 'MultiPolygon';

const DECIMALS = 1e6;
const MOST_POINTS = 20_000;
const MOST_PARTS = 500;
const round = (degrees: number): number => Math.round(degrees * DECIMALS) / DECIMALS;

// The Essonne lies near 2° E, 48.5° N: a pair the other way round is a swap, and the commonest mistake there is.
export const looksSwapped = ([lon = 0, lat = 0]: Position): boolean => lon > 47 && lon < 50 && lat > 1 && lat < 4;

function pairFault(pair: readonly number[]): string | undefined {
  if (pair.length < 2 || pair.length > 3) return 'must be a pair of longitude and latitude';
  const [lon = 0, lat = 0] = pair;
  if (looksSwapped([lon, lat]))
    return `longitude and latitude look swapped: the Essonne is near [2.3, 48.5], not [${lon}, ${lat}]`;
  return Math.abs(lon) > 180 || Math.abs(lat) > 90
    ? `[${lon}, ${lat}] is not on earth: longitude first, then latitude`
    : undefined;
}

const toPosition = ([lon = 0, lat = 0]: readonly number[]): Position => [round(lon), round(lat)];
const pair = z.array(z.number('must be a number of degrees'));

const position = pair
  .superRefine((numbers, context) => {
    const message = pairFault(numbers);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .transform(toPosition);

/** The same fault mostly repeats at every point, so only the first is reported. */
const positions = z
  .array(pair)
  .max(MOST_POINTS, `must hold at most ${MOST_POINTS} points`)
  .superRefine((pairs, context) => {
    const index = pairs.findIndex((numbers) => pairFault(numbers) !== undefined);
    const message = pairFault(pairs[index] ?? [0, 0]);
    if (message) context.addIssue({ code: 'custom', path: [index], message, continue: false });
  })
  .transform((pairs) => withoutRepeats(pairs.map(toPosition)));

const ring = positions.superRefine((points, context) => {
  const message = ringFault(points);
  if (message) context.addIssue({ code: 'custom', message, continue: false });
});

const rings = z
  .array(ring)
  .min(1, 'a polygon needs an outer ring')
  .superRefine((rings, context) => {
    const message = holeFault(rings);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .transform(wind);

const line = positions.superRefine((points, context) => {
  if (points.length < 2) context.addIssue({ code: 'custom', message: 'a line needs at least 2 points that differ' });
});

/** Lists grow large on their own: the whole must not, since it is compared with every commune. */
const parts = <T extends z.ZodType<readonly unknown[]>>(part: T) =>
  z.array(part).min(1, 'must hold at least one part').max(MOST_PARTS, `must hold at most ${MOST_PARTS} parts`);

const point = z.object({ type: z.literal('Point'), coordinates: position });
const lineString = z.object({ type: z.literal('LineString'), coordinates: line });
const multiLineString = z.object({ type: z.literal('MultiLineString'), coordinates: parts(line) });
const polygon = z.object({ type: z.literal('Polygon'), coordinates: rings });
const multiPolygon = z.object({ type: z.literal('MultiPolygon'), coordinates: parts(rings) });

/** Any geometry that a publication may carry, checked, rounded to six decimals and wound as RFC 7946 asks. */
export const geometrySchema = z.discriminatedUnion('type', [point, lineString, multiLineString, polygon, multiPolygon]);
/** A place. */
export const pointSchema = geometrySchema.transform((shape, context): Point => {
  if (shape.type === 'Point') return shape;
  context.addIssue({ code: 'custom', message: 'must be a GeoJSON Point' });
  return z.NEVER;
});
/** The path of a road. */
export const lineSchema = z.discriminatedUnion('type', [lineString, multiLineString]);
export const outlineSchema = z.discriminatedUnion('type', [polygon, multiPolygon]);

/** The bounding box of a geometry. */
export function boxOf(geometry: GeoJsonGeometry): Box {
  const [west = 0, south = 0, east = 0, north = 0] = bbox(geometry);
  return [west, south, east, north];
}
