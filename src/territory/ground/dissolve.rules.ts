import type { Position } from 'geojson';
import polygonClipping from 'polygon-clipping';
import type { Outline } from '../geometry.rules.ts';
import { wind, withoutRepeats } from '../rings.rules.ts';
import { thinTogether } from '../thin.rules.ts';
import { arePolygons } from './polygons.rules.ts';
import { withoutSharedBorders } from './shared-borders.rules.ts';

type Polygons = Position[][][];

const DECIMALS = 1e6;
/** Rounding may make borders meet that did not: what comes out is joined again, so often. */
const ATTEMPTS = 4;

/**
 * The ground that outlines cover together, as one geometry without borders within, which GEOS calls valid; at most `most` points in
 * each ring. Borders go first and points after, so that neighbours still share theirs corner for corner. Undefined
 * where there is none, and where that cannot be had.
 */
export function dissolve(outlines: readonly Outline[], most: number): Outline | undefined {
  const given = [...new Set(outlines)].flatMap((outline) =>
    outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates,
  );
  if (given.length === 0) return undefined;
  const merged = withoutSharedBorders(given);
  let polygons = arePolygons(merged) ? merged : joined(given);
  for (let attempt = 0; polygons && attempt < ATTEMPTS; attempt++) {
    const thinned = thinPolygons(polygons, most);
    if (arePolygons(thinned)) return outlineOf(thinned);
    polygons = joined(thinned);
  }
  return undefined;
}

function thinPolygons(polygons: Polygons, most: number): Polygons {
  const rings = thinTogether(polygons.flat(), most);
  return polygons.map(({ length }) => rings.splice(0, length));
}

/** Joins polygons that may overlap. Undefined where the library gives up. */
function joined(polygons: Polygons): Polygons | undefined {
  try {
    const [first = [], ...others] = polygons as polygonClipping.Polygon[];
    const union: Polygons = polygonClipping.union(first, ...others);
    return union
      .map((rings) => rings.map(rounded))
      .filter(isWide)
      .map(withoutNarrow);
  } catch {
    return undefined;
  }
}

/** A ring that rounding has drawn together to nothing; what was a polygon's outer one takes the polygon with it. */
const isNarrow = ({ length }: readonly Position[]): boolean => length < 4;
const isWide = ([outer = []]: Position[][]): boolean => !isNarrow(outer);
const withoutNarrow = (rings: Position[][]): Position[][] => wind(rings.filter((ring) => !isNarrow(ring)));

const rounded = (ring: readonly Position[]): Position[] =>
  withoutRepeats(ring.map((point) => point.map((degrees) => Math.round(degrees * DECIMALS) / DECIMALS)));

const outlineOf = (polygons: Polygons): Outline => {
  const [only] = polygons;
  return only && polygons.length === 1
    ? { type: 'Polygon', coordinates: only }
    : { type: 'MultiPolygon', coordinates: polygons };
};
