import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import fc from 'fast-check';
import type { Polygon, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { type GeoJsonGeometry, outlineSchema } from '../../../src/territory/geometry.rules.ts';
import { loadTerritory } from '../../../src/territory/load.ts';
import { segmentsMeet, segmentsOf } from '../../../src/territory/segments.rules.ts';
import type { Commune, Territory } from '../../../src/territory/territory.ts';
import { anyLine, anyPoint, anyPolygon } from '../../support/generated/shapes.ts';
import { officialFile } from '../../support/generated/territory-file.ts';

const LONGJUMEAU = '91345';
const names = (communes: readonly Commune[]) => communes.map(({ name }) => name);
const lonLat = ([lon = 0, lat = 0]: Position) => ({ lon, lat });

/** The great circle, in metres. */
function metresBetween([lon1 = 0, lat1 = 0]: Position, [lon2 = 0, lat2 = 0]: Position): number {
  const [a, b, turn] = [lat1, lat2, lon2 - lon1].map((degrees) => (degrees * Math.PI) / 180);
  return (
    6_371_008.8 * Math.acos(Math.min(1, Math.sin(a!) * Math.sin(b!) + Math.cos(a!) * Math.cos(b!) * Math.cos(turn!)))
  );
}

const polygonsOf = ({ outline }: Commune): Polygon[] =>
  outline.type === 'Polygon' ? [outline] : outline.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
const holds = (commune: Commune, point: Position) =>
  polygonsOf(commune).some((polygon) => booleanPointInPolygon(point, polygon));

const pointsOf = (geometry: GeoJsonGeometry): Position[] =>
  geometry.type === 'Polygon'
    ? geometry.coordinates.flat()
    : geometry.type === 'LineString'
      ? geometry.coordinates
      : [];

/** Every segment with every segment, every point with every polygon. */
function touchesSlowly(commune: Commune, geometry: GeoJsonGeometry): boolean {
  const pieces = segmentsOf(pointsOf(geometry));
  const border = polygonsOf(commune).flatMap(({ coordinates }) => coordinates.flatMap(segmentsOf));
  return (
    pieces.some((a) => border.some((b) => segmentsMeet(a, b))) ||
    pointsOf(geometry).some((point) => holds(commune, point)) ||
    (geometry.type === 'Polygon' && booleanPointInPolygon(border[0]!.from, geometry))
  );
}

/** What holds of a territory whatever its outlines come from. */
function promises(load: () => Territory): void {
  const territory = load();

  it('knows the 194 communes, each with a good outline around its centre', () => {
    expect(territory.communes).toHaveLength(194);
    for (const commune of territory.communes) {
      expect(outlineSchema.parse(commune.outline)).toEqual(commune.outline);
      expect(holds(commune, commune.centre.coordinates), commune.name).toBe(true);
      expect(territory.communeAt(lonLat(commune.centre.coordinates))).toBe(commune);
    }
  });

  it('finds a point in the one commune that holds it, and in none outside', () => {
    fc.assert(
      fc.property(anyPoint, (point) => {
        const found = territory.communes.filter((commune) => holds(commune, point));
        expect(territory.communeAt(lonLat(point))).toBe(found[0]);
      }),
      { numRuns: 300 },
    );
  });

  it('finds what a shape touches, as comparing it with every commune does', () => {
    fc.assert(
      fc.property(fc.oneof(anyLine, anyPolygon({ minLength: 3, maxLength: 20 })), (shape) => {
        const slowly = territory.communes.filter((commune) => touchesSlowly(commune, shape));
        expect(names(territory.communesTouching(shape))).toEqual(names(slowly));
      }),
      { numRuns: 100 },
    );
  });

  it('finds the communes around a point, more of them the wider it looks, and its own at no distance', () => {
    fc.assert(
      fc.property(anyPoint, fc.integer({ min: 1, max: 40_000 }), (point, metres) => {
        const near = names(territory.communesNear(lonLat(point), metres));
        const wider = names(territory.communesNear(lonLat(point), metres * 1.5));
        expect(wider).toEqual(expect.arrayContaining(near));
        expect(names(territory.communesNear(lonLat(point), 0))).toEqual(
          names(territory.communesTouching({ type: 'Point', coordinates: point })),
        );
        // a centre that is near enough by the great circle makes its commune near
        const centres = territory.communes.filter(
          ({ centre }) => metresBetween(point, centre.coordinates) < metres * 0.99,
        );
        expect(near).toEqual(expect.arrayContaining(names(centres)));
      }),
      { numRuns: 100 },
    );
  });

  it('takes an outline as touching itself and its neighbours', () => {
    const longjumeau = territory.byCode(LONGJUMEAU)!;
    const touched = names(territory.communesTouching(longjumeau.outline));
    expect(touched).toEqual(expect.arrayContaining(['Longjumeau', 'Saulx-les-Chartreux', 'Chilly-Mazarin']));
    expect(touched).not.toContain('Étampes');
  });
}

describe('the territory with its built-in table', () => {
  promises(() => loadTerritory());
  const territory = loadTerritory();

  it('knows the postal codes and inhabitants of every commune', () => {
    expect(territory.byCode(LONGJUMEAU)).toMatchObject({ name: 'Longjumeau', postalCodes: ['91160'] });
    for (const { population, postalCodes } of territory.communes) {
      expect(population).toBeGreaterThan(0);
      expect(postalCodes.length).toBeGreaterThan(0);
      // Paray-Vieille-Poste is served from beyond the border of the Département.
      for (const code of postalCodes) expect(code).toMatch(/^9[14]\d{3}$/);
    }
  });

  it('says that its outlines are approximate, as a whole and of each commune', () => {
    expect(territory.approximate).toBe(true);
    expect(territory.communes.every(({ approximate }) => approximate)).toBe(true);
  });

  it('is the same every time that it is made', () => {
    expect(loadTerritory().communes).toEqual(territory.communes);
  });

  it('has cells that do not overlap: a point lies in two of them only on their border', () => {
    fc.assert(
      fc.property(anyPoint, ([lon = 0, lat = 0]) => {
        // off the grid of five decimals that the corners lie on
        const point = [lon + 0.0000037, lat + 0.0000041];
        expect(territory.communes.filter((commune) => holds(commune, point)).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['91182', '91228', 'Évry-Courcouronnes'],
    ['91222', '91390', 'Le Mérévillois'],
    ['78182', '91228', 'Évry-Courcouronnes'],
    ['91228', '91228', 'Évry-Courcouronnes'],
  ])('resolves code %s to %s, %s (I-18)', (given, code, name) => {
    expect(territory.byCode(given)).toMatchObject({ code, name });
  });

  it.each(['75056', '91', '', '091345', 'constructor', '91345 '])('knows no commune %j', (code) => {
    expect(territory.byCode(code)).toBeUndefined();
    expect(territory.communesOf([code, LONGJUMEAU])).toEqual([territory.byCode(LONGJUMEAU)]);
  });

  it('cannot be changed by whoever reads it', () => {
    const commune = territory.byCode(LONGJUMEAU)!;
    expect(() => Object.assign(commune, { name: 'x' })).toThrow(TypeError);
    expect(() => (commune.postalCodes as string[]).push('x')).toThrow(TypeError);
    expect(() => (territory.communes as Commune[]).pop()).toThrow(TypeError);
  });

  it('tells what lies within 5 km of the Département from what lies farther off', () => {
    const [lon, south] = [2.2, 48.0];
    const north = 48.285; // about the southern border, at this longitude
    expect(territory.touchesDepartement({ type: 'Point', coordinates: [2.3, 48.6] })).toBe(true);
    expect(territory.touchesDepartement({ type: 'Point', coordinates: [lon, south] })).toBe(false);
    expect(territory.touchesDepartement({ type: 'Point', coordinates: [5.37, 43.3] })).toBe(false);
    expect(territory.touchesDepartement({ type: 'Point', coordinates: [lon, south] }, 60_000)).toBe(true);
    // a line whose ends are far away and whose middle is near: its points alone would not tell
    const passing = (lat: number) => ({
      type: 'LineString' as const,
      coordinates: [
        [0.5, lat],
        [4, lat],
      ],
    });
    expect(territory.touchesDepartement(passing(north - 0.02))).toBe(true);
    expect(territory.touchesDepartement(passing(north - 0.2))).toBe(false);
    const around = [
      [0, 46],
      [5, 46],
      [5, 50],
      [0, 50],
      [0, 46],
    ];
    expect(territory.touchesDepartement({ type: 'Polygon', coordinates: [around] })).toBe(true);
    const hole = [
      [1, 47],
      [1, 49.5],
      [4, 49.5],
      [4, 47],
      [1, 47],
    ];
    expect(territory.touchesDepartement({ type: 'Polygon', coordinates: [around, hole] })).toBe(false);
  });
});

describe('the search by name', () => {
  const territory = loadTerritory();
  const first = (text: string) => territory.search(text, 1)[0]?.name;

  it.each([
    ['evry', 'Évry-Courcouronnes'],
    ['EVRY COURCOURONNES', 'Évry-Courcouronnes'],
    ['courcouronnes', 'Évry-Courcouronnes'],
    ['ulis', 'Les Ulis'],
    ['les ulis', 'Les Ulis'],
    ['LES ULIS', 'Les Ulis'],
    ['st michel', 'Saint-Michel-sur-Orge'],
    ['ste genevieve', 'Sainte-Geneviève-des-Bois'],
    ['  Ste-Geneviève  ', 'Sainte-Geneviève-des-Bois'],
    ['corbeil essonnes', 'Corbeil-Essonnes'],
    ['corbeil', 'Corbeil-Essonnes'],
    ['ferte alais', 'La Ferté-Alais'],
    ['ferte', 'La Ferté-Alais'],
    ['savigny', 'Savigny-sur-Orge'],
    ['essonnes', 'Corbeil-Essonnes'],
    ['estouches', 'Le Mérévillois'],
    ['mereville', 'Le Mérévillois'],
    ['91160', 'Longjumeau'],
    ['91 160', 'Longjumeau'],
    ['91345', 'Longjumeau'],
    ['91182', 'Évry-Courcouronnes'],
    ['91160 Longjumeau', 'Longjumeau'],
    ['91345 LONGJUMEAU', 'Longjumeau'],
    ['Longjumeau 91 160', 'Longjumeau'],
    ['Longjumeau (91)', 'Longjumeau'],
    ['Longjumeau (91160)', 'Longjumeau'],
    ['F-91160 Longjumeau', 'Longjumeau'],
    ['91000 Évry', 'Évry-Courcouronnes'],
    ['91025 ÉVRY CEDEX', 'Évry-Courcouronnes'],
    ['Massy Cedex 01', 'Massy'],
    ['94390 Paray-Vieille-Poste', 'Paray-Vieille-Poste'],
    ['91160 Champlan', 'Champlan'],
    ['Long\u00adjumeau', 'Longjumeau'],
    ['\u200bMassy\ufeff', 'Massy'],
    ['Ｌｏｎｇｊｕｍｅａｕ', 'Longjumeau'],
    ['Bre\u0301tigny', 'Brétigny-sur-Orge'],
    ['Brétigny s/Orge', 'Brétigny-sur-Orge'],
    ['Savigny S/ Orge', 'Savigny-sur-Orge'],
    ['St Michel s Orge', 'Saint-Michel-sur-Orge'],
    ['Épinay s/s Sénart', 'Épinay-sous-Sénart'],
    ['St-Germain-lez-Arpajon', 'Saint-Germain-lès-Arpajon'],
    ['Athis‑Mons', 'Athis-Mons'],
    ['Mairie de Longjumeau', 'Longjumeau'],
    ['Longjumeau, Essonne, France', 'Longjumeau'],
    ['Méréville (Le Mérévillois)', 'Le Mérévillois'],
    ['Quincy s/ Sénart', 'Quincy-sous-Sénart'],
    ['Boussy s/Sénart', undefined],
    ['Briis s/Forges', 'Briis-sous-Forges'],
    ['Brétigny s/O', 'Brétigny-sur-Orge'],
    ['Dhuison-Longueville', "D'Huison-Longueville"],
    ['D’Huison', "D'Huison-Longueville"],
    ['INSEE 91345', 'Longjumeau'],
    ['code INSEE : 91345', 'Longjumeau'],
    ['Code postal : 91940', 'Les Ulis'],
    ['CP 91160 Champlan', 'Champlan'],
    ['Ferté-Alais (La)', 'La Ferté-Alais'],
    ['ULIS (LES) 91940', 'Les Ulis'],
    ['12 rue de la Mairie, 91 160 LONGJUMEAU CEDEX 2', 'Longjumeau'],
  ])('finds by %j first %s', (text, name) => {
    expect(first(text)).toBe(name);
  });

  it('finds every commune first by its own name, however it is typed', () => {
    for (const { name, population } of territory.communes) {
      expect(first(name)).toBe(name);
      const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase().replace(/[-’']/g, ' ');
      expect(territory.search(plain, 1)[0]).toMatchObject({ name, population });
    }
  });

  it.each([
    'Лонжюмо',
    '🌊',
    'Λονζυμό',
    '隆瑞莫',
    '!',
    '…',
    '\u200b',
    '\u3164',
    '75001 Paris',
    'Saint-Maurice (94)',
    '00000',
    '77',
  ])('finds none by %j', (text) => {
    expect(territory.search(text, 500)).toEqual([]);
  });

  it('finds by code and name together the one that has both, and all that have a code', () => {
    expect(names(territory.search('91160 Longjumeau', 500))).toEqual(['Longjumeau']);
    expect(names(territory.search('91160', 500)).sort()).toEqual(
      territory.communes
        .filter(({ postalCodes }) => postalCodes.includes('91160'))
        .map(({ name }) => name)
        .sort(),
    );
    expect(names(territory.search('91999 Longjumeau', 500))).toEqual(['Longjumeau']);
  });

  it('shows the larger communes first among equals, as many as asked for', () => {
    const saints = territory.search('saint', 5);
    expect(saints).toHaveLength(5);
    const inhabitants = saints.map(({ population }) => population ?? 0);
    expect(inhabitants).toEqual(inhabitants.toSorted((a, b) => b - a));
    expect(territory.search('xyzzy', 5)).toEqual([]);
    expect(territory.search('evry', 0)).toEqual([]);
  });

  it('lists all communes by name for an empty text', () => {
    expect(names(territory.search('', 3))).toEqual(['Abbéville-la-Rivière', 'Angerville', 'Angervilliers']);
    expect(territory.search(' - ', 500)).toHaveLength(194);
  });
});

const official = officialFile();
describe.skipIf(!official)(
  official
    ? 'the territory with official outlines'
    : 'the territory with official outlines (SKIPPED: no TOCSIN_TEST_TERRITORY)',
  () => {
    promises(() => loadTerritory(official));

    it('says that its outlines are not approximate', () => {
      const territory = loadTerritory(official);
      expect(territory.approximate).toBe(false);
      expect(territory.communes.some(({ approximate }) => approximate)).toBe(false);
    });
  },
);
