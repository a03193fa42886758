import { describe, expect, it } from 'vitest';
import { loadTerritory, TerritoryFault } from '../../../src/territory/load.ts';
import { features, territoryFile } from '../../support/generated/territory-file.ts';

const faultOf = (content: Parameters<typeof territoryFile>[0]): string => {
  const file = territoryFile(content);
  try {
    loadTerritory(file);
  } catch (error) {
    if (!(error instanceof TerritoryFault)) throw error;
    expect(error.message.startsWith(`${file} cannot be used as the territory:`)).toBe(true);
    return error.message;
  }
  return '';
};

describe('a file of official outlines', () => {
  it('takes the place of the cells, with codes as id or as property', () => {
    const territory = loadTerritory(territoryFile(features()));
    expect(territory.approximate).toBe(false);
    expect(territory.communes).toHaveLength(194);
    const byId = features().map(({ properties, ...feature }) => ({
      ...feature,
      properties: null,
      id: properties && 'code' in properties ? Number(properties.code) : undefined,
    }));
    expect(loadTerritory(territoryFile(byId)).communes).toEqual(territory.communes);
  });

  it('is refused with all its faults at once, each naming the feature', () => {
    const given = features();
    const outline = given[3]!.geometry as { coordinates: number[][][] };
    given[1] = { ...given[1]!, properties: { code: '75056' } };
    given[2] = given[0]!;
    given[3] = { ...given[3]!, geometry: { type: 'Polygon', coordinates: [outline.coordinates[0]!.slice(0, -1)] } };
    given[4] = { ...given[4]!, geometry: given[150]!.geometry };
    given[5] = { ...given[5]!, geometry: null };
    given[6] = { type: 'Feature', properties: null, geometry: given[6]!.geometry };
    const told = faultOf(given);
    expect(told.split('\n  ').slice(1)).toEqual([
      'feature 1: 75056 is not a commune of the Essonne',
      'feature 2: 91001 has an outline already',
      'feature 3 (91021), coordinates.0: a ring must be closed: its last point equals its first',
      expect.stringMatching(/^feature 4: 91022 lies at \[2\.1502,48\.3261\], this outline elsewhere$/),
      expect.stringMatching(/^feature 5 \(91027\), geometry: /),
      'feature 6: no code is not a commune of the Essonne',
      'no outline for 91016',
      'no outline for 91017',
      'no outline for 91035',
    ]);
  });

  it('is refused when longitude and latitude are swapped', () => {
    const swapped = features().map((feature) => ({
      ...feature,
      geometry: {
        type: 'Polygon',
        coordinates: (feature.geometry as { coordinates: number[][][] }).coordinates.map((ring) =>
          ring.map((point) => point.toReversed()),
        ),
      },
    }));
    expect(faultOf(swapped).match(/look swapped/g)).toHaveLength(194);
  });

  it.each([
    ['no JSON', '{', 'it is not JSON'],
    ['something else', '{"type":"Polygon"}', 'not a GeoJSON FeatureCollection'],
    ['null', 'null', 'not a GeoJSON FeatureCollection'],
  ])('is refused in words when it holds %s', (_words, content, fault) => {
    expect(faultOf(content)).toContain(fault);
  });

  it('is refused in words when it is not there, or a folder', () => {
    expect(() => loadTerritory('/nowhere/communes.geojson')).toThrow(TerritoryFault);
    expect(() => loadTerritory('/')).toThrow(TerritoryFault);
  });
});
