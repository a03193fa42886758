import type { Position } from 'geojson';
import type { AreaContent } from '../../publications/content/content.ts';
import { DEPARTEMENT_CODES } from '../../territory/departement-codes.ts';
import { type GeoJsonGeometry, isOutline, type Outline } from '../../territory/geometry.rules.ts';
import { simplify } from '../../territory/simplify.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { element, type XmlNode } from '../../xml/write.ts';

/** No polygon has more points than that (I-17); where there are very many polygons each has fewer, so that messages stay small. */
export const MOST_POINTS = 100;
const FEWEST_POINTS = 12;
const POINTS_OF_ALL = 5_000;

/**
 * The areas of a message: their words, their polygons, and geocodes beside them. Receivers warn all that an area names, so
 * the codes of the Département stand only where all of it is warned. A shape that was drawn is the area; without
 * one, or where it is a point or a line, the outlines of the communes are. CAP's polygons have no holes: a hole is warned as well.
 */
export function capAreas(areas: readonly AreaContent[], territory: Territory): XmlNode[] {
  const shapes = areas.map((area) => ({ area, rings: outlinesOf(area, territory).flatMap(outerRings) }));
  const count = shapes.reduce((sum, { rings }) => sum + rings.length, 0);
  const most = Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, Math.floor(POINTS_OF_ALL / (count || 1))));
  return shapes.map(({ area, rings }) =>
    element(
      'area',
      null,
      element('areaDesc', null, area.description),
      ...rings.map((ring) => element('polygon', null, pairs(thin(ring, most)))),
      ...area.communes.map((code) => geocode('INSEE', code)),
      ...(isWhole(area, territory) ? DEPARTEMENT_CODES.map(([name, value]) => geocode(name, value)) : []),
    ),
  );
}

/** Whether some outline in the areas is a guess, for want of official ones. */
export const isApproximate = (areas: readonly AreaContent[], territory: Territory): boolean =>
  territory.approximate && areas.some(({ geometry }) => !isDrawn(geometry));

/** Whether an area is the whole Département: every commune, and no shape that was drawn. */
const isWhole = ({ geometry, communes }: AreaContent, territory: Territory): boolean =>
  geometry === null && new Set(territory.communesOf(communes)).size === territory.communes.length;

function outlinesOf({ geometry, communes }: AreaContent, territory: Territory): Outline[] {
  return isDrawn(geometry) ? [geometry] : territory.communesOf(communes).map(({ outline }) => outline);
}

const geocode = (name: string, value: string): XmlNode =>
  element('geocode', null, element('valueName', null, name), element('value', null, value));

const isDrawn = (geometry: GeoJsonGeometry | null): geometry is Outline => geometry !== null && isOutline(geometry);

const outerRings = (outline: Outline): Position[][] =>
  (outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates).flatMap(([outer]) =>
    outer ? [outer] : [],
  );

const thin = (ring: Position[], most: number): Position[] =>
  simplify({ type: 'Polygon' as const, coordinates: [ring] }, most).coordinates[0] ?? [];

/** CAP writes latitude before longitude. */
const pairs = (ring: readonly Position[]): string =>
  ring.map(([lon = 0, lat = 0]) => `${degrees(lat)},${degrees(lon)}`).join(' ');

// Nothing of six decimals is small enough for JavaScript to write it with an exponent.
const degrees = (value: number): string => String(Number(value.toFixed(6)) || 0);
