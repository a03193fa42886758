import { readFileSync } from 'node:fs';
import type { Position } from 'geojson';
import { z } from 'zod';
import { cellsAround } from './cells.ts';
import table from './communes.json' with { type: 'json' };
import { type Outline, outlineSchema } from './geometry.rules.ts';
import { comesWithin, shapeOf } from './shape.rules.ts';
import { type Commune, createTerritory, type Territory } from './territory.ts';

/** Every fault of a file of outlines, in words for the operator who named the file. */
export class TerritoryFault extends Error {
  constructor(path: string, faults: readonly string[]) {
    super(`${path} cannot be used as the territory:\n  ${faults.join('\n  ')}`);
    this.name = 'TerritoryFault';
  }
}

/**
 * The territory: the built-in table of communes, with official outlines from a GeoJSON file (a FeatureCollection whose
 * features carry the INSEE code as `id` or `properties.code`), else with approximate cells.
 * Throws a TerritoryFault that lists every fault of the file.
 */
export function loadTerritory(geojsonPath?: string): Territory {
  const official = geojsonPath ? readOutlines(geojsonPath) : undefined;
  const cells = official ? [] : cellsAround(table.map(({ centre }) => centre));
  return createTerritory(
    table.map((row, index): Commune => {
      const outline = official?.get(row.code) ?? cells[index];
      if (!outline) throw new Error(`no outline for ${row.code}`);
      return deepFreeze<Commune>({
        code: row.code,
        name: row.name,
        postalCodes: row.postalCodes,
        population: row.population ?? null,
        formerCodes: row.formerCodes,
        formerNames: row.formerNames ?? [],
        centre: { type: 'Point', coordinates: row.centre },
        outline,
        approximate: !official,
      });
    }),
  );
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}

const collection = z.object({
  features: z.array(
    z.object({
      id: z.union([z.string(), z.number()]).optional(),
      properties: z.object({ code: z.string().optional() }).nullish(),
      geometry: z.unknown(),
    }),
  ),
});

// A centre may stand beside its commune's border, for outlines of another year; farther off, codes are mixed up.
const CENTRE_METRES = 2_000;

function readOutlines(path: string): Map<string, Outline> {
  const faults: string[] = [];
  const outlines = new Map<string, Outline>();
  const seen = new Set<string>();
  const centres = new Map(table.map(({ code, centre }) => [code, centre]));
  for (const [index, { id, properties, geometry }] of readFeatures(path).entries()) {
    const code = String(properties?.code ?? id ?? '');
    const centre = centres.get(code);
    const outline = outlineSchema.safeParse(geometry);
    if (!centre) faults.push(`feature ${index}: ${code || 'no code'} is not a commune of the Essonne`);
    else if (seen.has(code)) faults.push(`feature ${index}: ${code} has an outline already`);
    else if (!outline.success)
      faults.push(...outline.error.issues.map((issue) => told(`feature ${index} (${code})`, issue)));
    else if (!isNear(outline.data, centre))
      faults.push(`feature ${index}: ${code} lies at [${centre}], this outline elsewhere`);
    seen.add(code);
    if (outline.success) outlines.set(code, outline.data);
  }
  for (const code of centres.keys()) if (!seen.has(code)) faults.push(`no outline for ${code}`);
  if (faults.length > 0) throw new TerritoryFault(path, faults);
  return outlines;
}

const told = (feature: string, { path, message }: z.core.$ZodIssue): string =>
  `${feature}, ${path.join('.') || 'geometry'}: ${message}`;

const isNear = (outline: Outline, centre: Position): boolean =>
  comesWithin(shapeOf(outline), shapeOf({ type: 'Point', coordinates: centre }), CENTRE_METRES);

function readFeatures(path: string) {
  const fault = (reason: string) => new TerritoryFault(path, [reason]);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw fault(error instanceof SyntaxError ? `it is not JSON: ${error.message}` : String(error));
  }
  const file = collection.safeParse(parsed);
  if (!file.success) throw fault('it is not a GeoJSON FeatureCollection of communes');
  return file.data.features;
}
