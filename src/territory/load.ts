import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { cellsAround } from './cells.ts';
import table from './communes.json' with { type: 'json' };
import { type Outline, outlineSchema } from './geometry.rules.ts';
import { type Commune, createTerritory, type Territory } from './territory.ts';

/**
 * The territory: the built-in table of communes, with official outlines from a GeoJSON file (a FeatureCollection whose
 * features carry the INSEE code as `id` or `properties.code`), else with approximate cells.
 * Throws an Error that lists every fault of the file.
 */
export function loadTerritory(geojsonPath?: string): Territory {
  const official = geojsonPath ? readOutlines(geojsonPath) : undefined;
  const cells = official ? [] : cellsAround(table.map(({ centre }) => centre));
  return createTerritory(
    table.map((row, index): Commune => {
      const outline = official?.get(row.code) ?? cells[index];
      if (!outline) throw new Error(`no outline for ${row.code}`);
      return Object.freeze<Commune>({
        code: row.code,
        name: row.name,
        postalCodes: row.postalCodes,
        population: row.population ?? null,
        formerCodes: row.formerCodes,
        centre: { type: 'Point', coordinates: row.centre },
        outline,
        approximate: !official,
      });
    }),
  );
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

function readOutlines(path: string): Map<string, Outline> {
  const file = collection.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!file.success) throw new Error(`${path} is not a GeoJSON FeatureCollection of communes`);
  const faults: string[] = [];
  const outlines = new Map<string, Outline>();
  const known = new Set(table.map(({ code }) => code));
  for (const [index, { id, properties, geometry }] of file.data.features.entries()) {
    const code = String(properties?.code ?? id ?? '');
    const outline = outlineSchema.safeParse(geometry);
    if (!known.has(code)) faults.push(`feature ${index}: ${code || 'no code'} is not a commune of the Essonne`);
    else if (!outline.success) faults.push(`feature ${index} (${code}): ${outline.error.issues[0]?.message}`);
    else outlines.set(code, outline.data);
  }
  for (const code of known) if (!outlines.has(code)) faults.push(`no valid outline for ${code}`);
  if (faults.length > 0) throw new Error(`${path} cannot be used as the territory:\n  ${faults.join('\n  ')}`);
  return outlines;
}
