import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geometrySchema, lineSchema, wind } from '../../src/territory/geometry.rules.ts';
import { territory } from '../support/hub.ts';

const names = (text: string) => territory.search(text, 3).map(({ name }) => name);
const inEssonne = fc.record({
  lon: fc.double({ min: 1.91, max: 2.59, noNaN: true }),
  lat: fc.double({ min: 48.28, max: 48.78, noNaN: true }),
});
const faults = (value: unknown) => geometrySchema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe('the territory', () => {
  it('knows the 194 communes of the Essonne, with postal codes and inhabitants', () => {
    expect(territory.communes).toHaveLength(194);
    expect(territory.byCode('91345')).toMatchObject({ name: 'Longjumeau', postalCodes: ['91160'] });
    expect(
      territory.communes.every(({ population, postalCodes }) => (population ?? 0) > 0 && postalCodes.length > 0),
    ).toBe(true);
  });

  it('resolves the codes of communes that merged to their successor (I-18)', () => {
    expect(territory.byCode('91182')?.name).toBe('Évry-Courcouronnes');
    expect(territory.byCode('91222')?.name).toBe('Le Mérévillois');
    expect(territory.byCode('75056')).toBeUndefined();
  });

  it.each([
    ['evry', 'Évry-Courcouronnes'],
    ['ulis', 'Les Ulis'],
    ['LES ULIS', 'Les Ulis'],
    ['st michel sur orge', 'Saint-Michel-sur-Orge'],
    ['ferte alais', 'La Ferté-Alais'],
    ['91160', 'Longjumeau'],
  ])('finds %s', (text, name) => {
    expect(names(text)).toContain(name);
  });

  it('says that its outlines are approximate where no official ones were given', () => {
    expect(territory.approximate).toBe(true);
    expect(territory.communes.every(({ approximate }) => approximate)).toBe(true);
  });

  it('gives every commune a valid outline that holds its centre, and its neighbours’ only at the border', () => {
    for (const { code, centre, outline } of territory.communes) {
      expect(geometrySchema.safeParse(outline).success).toBe(true);
      const [lon = 0, lat = 0] = centre.coordinates;
      expect(territory.communeAt({ lon, lat })?.code).toBe(code);
    }
  });

  it('finds the same communes for a point by its cell, by touch and by nearness', () => {
    fc.assert(
      fc.property(inEssonne, (point) => {
        const found = territory.communeAt(point);
        const touching = territory.communesTouching({ type: 'Point', coordinates: [point.lon, point.lat] });
        expect(touching.map(({ code }) => code)).toEqual(found ? expect.arrayContaining([found.code]) : []);
        if (found) expect(territory.communesNear(point, 1).map(({ code }) => code)).toContain(found.code);
      }),
    );
  });

  it('tells what lies within 5 km of the Département from what does not', () => {
    const at = (lon: number, lat: number) => territory.touchesDepartement({ type: 'Point', coordinates: [lon, lat] });
    expect([at(2.4, 48.6), at(2.35, 48.86), at(5.4, 43.3)]).toEqual([true, false, false]);
  });
});

describe('a geometry', () => {
  const square = [
    [2.3, 48.6],
    [2.4, 48.6],
    [2.4, 48.7],
    [2.3, 48.7],
    [2.3, 48.6],
  ];

  it('with longitude and latitude swapped is always caught, and told so', () => {
    fc.assert(
      fc.property(inEssonne, ({ lon, lat }) => {
        expect(faults({ type: 'Point', coordinates: [lat, lon] }).join()).toContain('swapped');
        expect(faults({ type: 'Point', coordinates: [lon, lat] })).toEqual([]);
      }),
    );
  });

  it.each([
    ['open', { type: 'Polygon', coordinates: [square.slice(0, 4)] }, 'closed'],
    ['too short', { type: 'Polygon', coordinates: [square.slice(0, 3)] }, 'at least 4'],
    [
      'crossing itself',
      {
        type: 'Polygon',
        coordinates: [
          [
            [2.3, 48.6],
            [2.4, 48.7],
            [2.4, 48.6],
            [2.3, 48.7],
            [2.3, 48.6],
          ],
        ],
      },
      'cross',
    ],
    ['not on earth', { type: 'Point', coordinates: [200, 10] }, 'not on earth'],
  ])('that is %s is refused', (_what, geometry, why) => {
    expect(faults(geometry).join()).toContain(why);
  });

  it('is wound by the right-hand rule and rounded to six decimals', () => {
    const read = geometrySchema.parse({ type: 'Polygon', coordinates: [square.toReversed()] });
    expect(read.coordinates).toEqual([square]);
    expect(wind([square])).toEqual([square]);
    const line = lineSchema.parse({
      type: 'LineString',
      coordinates: [
        [2.12345678, 48.5],
        [2.2, 48.6],
      ],
    });
    expect(line.coordinates[0]).toEqual([2.123457, 48.5]);
  });
});
