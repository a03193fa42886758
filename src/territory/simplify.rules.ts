import type { Position } from 'geojson';
import type { GeoJsonGeometry } from './geometry.rules.ts';
import { holeFault, wind } from './rings.rules.ts';
import { thin } from './thin.rules.ts';

/**
 * A geometry with at most `most` points (4 or more) in every line and ring, as like the one given as that allows
 * (Visvalingam: the corner that spans the least area goes first). Rings stay closed and simple. A hole that would come
 * to cross or leave the outer ring is given up, so that the shape never loses ground by it. Parts of a MultiPolygon are thinned
 * each for itself. A geometry that is small enough is returned as it is. Throws a RangeError for `most` below 4.
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
