import type { Point } from 'geojson';
import type { FieldFault } from '../errors.ts';
import { namesIndex } from './commune-names.ts';
import { searchIndex } from './commune-search.ts';
import type { GeoJsonGeometry, Outline } from './geometry.rules.ts';
import { boxesMeet } from './segments.rules.ts';
import { comesWithin, holds, shapeOf, touches } from './shape.rules.ts';

/** A commune as in force today. Immutable. */
export interface Commune {
  readonly code: string;
  readonly name: string;
  readonly postalCodes: readonly string[];
  readonly population: number | null;
  readonly formerCodes: readonly string[];
  /** Names of communes that are part of it today. */
  readonly formerNames: readonly string[];
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
  /** The commune of a code of today, or the successor of a former one (I-18); undefined for any other text. */
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
  /** The communes that a text names, by their names of today and of old and by short names that mean one alone. */
  communesNamed(text: string): Commune[];
  /**
   * Communes by name, of today or of old, best first, whatever the accents, articles and hyphens; by a postal or
   * INSEE code typed whole, or by both. For an empty text, all by name; none where nothing of a text is a name or a code.
   */
  search(text: string, first: number): Commune[];
}

const TOLERANCE_METRES = 5_000;

export function createTerritory(communes: readonly Commune[]): Territory {
  const byCode = new Map<string, Commune>();
  // Codes of today win over former ones: a number may have been used twice.
  for (const commune of communes) for (const code of commune.formerCodes) byCode.set(code, commune);
  for (const commune of communes) byCode.set(commune.code, commune);
  const outlines = communes.map((commune) => ({ commune, shape: shapeOf(commune.outline) }));
  return Object.freeze<Territory>({
    communes: Object.freeze([...communes]),
    approximate: communes.some(({ approximate }) => approximate),
    byCode: (code) => byCode.get(code),
    communesOf: (codes) => codes.flatMap((code) => byCode.get(code) ?? []),
    communesTouching: (geometry) => {
      const shape = shapeOf(geometry);
      return outlines.filter((outline) => touches(outline.shape, shape)).map(({ commune }) => commune);
    },
    communeAt: ({ lon, lat }) => {
      const [point, box] = [[lon, lat], [lon, lat, lon, lat] as const];
      return outlines.find(({ shape }) => boxesMeet(shape.box, box) && holds(shape, point))?.commune;
    },
    communesNear: ({ lon, lat }, metres) => {
      const shape = shapeOf({ type: 'Point', coordinates: [lon, lat] });
      return outlines.filter((outline) => comesWithin(outline.shape, shape, metres)).map(({ commune }) => commune);
    },
    touchesDepartement: (geometry, tolerance = TOLERANCE_METRES) => {
      const shape = shapeOf(geometry);
      return outlines.some((outline) => comesWithin(outline.shape, shape, tolerance));
    },
    communesNamed: namesIndex(communes),
    search: searchIndex(communes),
  });
}

/** Codes of communes as of today, each once; one that is unknown becomes a fault below `path`. */
export function codesOfToday(
  codes: readonly string[],
  path: string,
  territory: Pick<Territory, 'byCode'>,
  faults: FieldFault[],
): string[] {
  const found = codes.flatMap((code, index) => {
    const commune = territory.byCode(code);
    if (!commune)
      faults.push({ path: `${path}.${index}`, message: `${code} is not the INSEE code of a commune of the Essonne` });
    return commune ? [commune.code] : [];
  });
  return [...new Set(found)];
}
