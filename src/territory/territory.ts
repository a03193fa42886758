import { booleanIntersects } from '@turf/boolean-intersects';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { pointToLineDistance } from '@turf/point-to-line-distance';
import type { Point } from 'geojson';
import { type Box, boxesMeet, boxOf, type GeoJsonGeometry, type Outline, positionsOf } from './geometry.rules.ts';
import { searchIndex } from './search.ts';

/** A commune as in force today. Immutable. */
export interface Commune {
  readonly code: string;
  readonly name: string;
  readonly postalCodes: readonly string[];
  readonly population: number | null;
  readonly formerCodes: readonly string[];
  readonly centre: Point;
  readonly outline: Outline;
  /** True where the outline is a cell around the centre, not the official one. */
  readonly approximate: boolean;
}

export interface LonLat {
  lon: number;
  lat: number;
}

/** The communes of the Département and what lies where. Every answer is in order of code unless said otherwise. */
export interface Territory {
  readonly communes: readonly Commune[];
  /** True while outlines are approximate. */
  readonly approximate: boolean;
  /** The commune of a code of today, or the successor of a former one; undefined for any other text. */
  byCode(code: string): Commune | undefined;
  /** The communes of codes, those unknown today left out. */
  communesOf(codes: readonly string[]): Commune[];
  communesTouching(geometry: GeoJsonGeometry): Commune[];
  /** The commune that a point lies in, or undefined outside. On a border, the first by code. */
  communeAt(point: LonLat): Commune | undefined;
  /** Communes whose outline comes within a distance of a point. */
  communesNear(point: LonLat, radiusMetres: number): Commune[];
  /** Whether a shape touches the Département, or comes within the tolerance of it. */
  touchesDepartement(geometry: GeoJsonGeometry, toleranceMetres?: number): boolean;
  /** Communes by name, best first, whatever the accents, articles and hyphens; for an empty text, all by name. */
  search(text: string, first: number): Commune[];
}

const TOLERANCE_METRES = 5_000;

export function createTerritory(communes: readonly Commune[]): Territory {
  const byCode = new Map<string, Commune>();
  // Codes of today win over former ones: a number may have been used twice.
  for (const commune of communes) for (const code of commune.formerCodes) byCode.set(code, commune);
  for (const commune of communes) byCode.set(commune.code, commune);
  const boxes = communes.map(({ outline }) => boxOf(outline));
  const within = (box: Box) => communes.filter((_commune, index) => boxesMeet(boxes[index] ?? box, box));
  const search = searchIndex(communes);
  const touching = (geometry: GeoJsonGeometry) =>
    within(boxOf(geometry)).filter(({ outline }) => booleanIntersects(outline, geometry));
  const near = ({ lon, lat }: LonLat, metres: number) => {
    const [dx, dy] = [metres / 70_000, metres / 110_000];
    return within([lon - dx, lat - dy, lon + dx, lat + dy]).filter(
      ({ outline }) => metresTo(outline, { lon, lat }) <= metres,
    );
  };
  return {
    communes,
    approximate: communes.some(({ approximate }) => approximate),
    byCode: (code) => byCode.get(code),
    communesOf: (codes) => codes.flatMap((code) => byCode.get(code) ?? []),
    communesTouching: touching,
    communeAt: ({ lon, lat }) =>
      within([lon, lat, lon, lat]).find(({ outline }) => booleanPointInPolygon([lon, lat], outline)),
    communesNear: near,
    touchesDepartement: (geometry, tolerance = TOLERANCE_METRES) =>
      touching(geometry).length > 0 ||
      positionsOf(geometry).some(([lon = 0, lat = 0]) => near({ lon, lat }, tolerance).length > 0),
    search,
  };
}

/** Metres from a point to an outline; 0 inside. */
function metresTo(outline: Outline, { lon, lat }: LonLat): number {
  if (booleanPointInPolygon([lon, lat], outline)) return 0;
  const rings = outline.type === 'Polygon' ? outline.coordinates : outline.coordinates.flat();
  return Math.min(
    ...rings.map((ring) =>
      pointToLineDistance([lon, lat], { type: 'LineString', coordinates: ring }, { units: 'meters' }),
    ),
  );
}
