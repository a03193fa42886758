import fc from 'fast-check';
import type { Polygon, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import type { Outline } from '../../../src/territory/geometry.rules.ts';
import { dissolve } from '../../../src/territory/ground/dissolve.rules.ts';
import { loadTerritory } from '../../../src/territory/load.ts';
import { signedArea } from '../../../src/territory/rings.rules.ts';
import { holds, shapeOf } from '../../../src/territory/shape.rules.ts';
import type { Commune } from '../../../src/territory/territory.ts';
import { budget } from '../../support/budget.ts';
import { polygonFaults } from '../../support/generated/polygon-faults.ts';
import { anyPolygon } from '../../support/generated/shapes.ts';
import { officialFile } from '../../support/generated/territory-file.ts';

const WHOLE = 100_000;
const partsOf = (outline: Outline): Position[][][] =>
  outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates;
const areaOf = (outline: Outline): number =>
  partsOf(outline)
    .flat()
    .reduce((sum, ring) => sum + signedArea(ring), 0);
const square = (x: number, y: number, side = 0.1): Polygon => {
  const [left, low, right, high] = [x, y, x + side, y + side].map((n) => Math.round(n * 1e6) / 1e6) as [
    number,
    number,
    number,
    number,
  ];
  return {
    type: 'Polygon',
    coordinates: [
      [
        [left, low],
        [right, low],
        [right, high],
        [left, high],
        [left, low],
      ],
    ],
  };
};
const without = (outer: Polygon, ...holes: Polygon[]): Polygon => ({
  type: 'Polygon',
  coordinates: [...outer.coordinates, ...holes.map(({ coordinates: [ring = []] }) => ring.toReversed())],
});
const ringsOf = (outline: Outline | undefined): number[] =>
  outline ? partsOf(outline).map((rings) => rings.length) : [];

describe('the check itself', () => {
  it.each<[string, Polygon[]]>([
    ['two that share an edge', [square(2, 48), square(2.1, 48)]],
    ['two that share half an edge', [square(2, 48), square(2.1, 48.05)]],
    ['two that overlap', [square(2, 48), square(2.05, 48.05)]],
    ['one within another', [square(2, 48), square(2.02, 48.02, 0.01)]],
    ['one twice', [square(2, 48), square(2, 48)]],
    [
      'a bow tie',
      [
        {
          type: 'Polygon',
          coordinates: [
            [
              [2, 48],
              [2.1, 48.1],
              [2.1, 48],
              [2, 48.1],
              [2, 48],
            ],
          ],
        },
      ],
    ],
    ['a hole outside', [without(square(2, 48), square(2.3, 48))]],
    [
      'a hole that touches in two corners',
      [
        without(square(2, 48), {
          type: 'Polygon',
          coordinates: [
            [
              [2, 48],
              [2.06, 48.05],
              [2.1, 48.1],
              [2.05, 48.06],
              [2, 48],
            ],
          ],
        }),
      ],
    ],
  ])('finds fault with %s', (_what, parts) => {
    expect(
      polygonFaults({ type: 'MultiPolygon', coordinates: parts.map(({ coordinates }) => coordinates) }),
    ).not.toEqual([]);
  });

  it.each<[string, Polygon[]]>([
    ['two apart', [square(2, 48), square(2.3, 48)]],
    ['two that touch in a corner', [square(2, 48), square(2.1, 48.1)]],
    ['an island in a hole', [without(square(2, 48), square(2.02, 48.02, 0.05)), square(2.03, 48.03, 0.01)]],
  ])('finds none with %s', (_what, parts) => {
    expect(polygonFaults({ type: 'MultiPolygon', coordinates: parts.map(({ coordinates }) => coordinates) })).toEqual(
      [],
    );
  });
});

describe('shapes side by side', () => {
  it.each<[string, Outline[], number[]]>([
    ['share an edge', [square(2, 48), square(2.1, 48)], [1]],
    ['share half an edge', [square(2, 48), square(2.1, 48.05)], [1]],
    ['touch in a corner', [square(2, 48), square(2.1, 48.1)], [1, 1]],
    ['are apart', [square(2, 48), square(2.3, 48)], [1, 1]],
    ['overlap', [square(2, 48), square(2.05, 48.05)], [1]],
    ['lie in each other', [square(2, 48), square(2.02, 48.02, 0.01)], [1]],
    ['are one and the same', [square(2, 48), square(2, 48)], [1]],
    [
      'stand around a hole',
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [0, 1],
        [2, 1],
        [0, 2],
        [1, 2],
        [2, 2],
      ].map(([x = 0, y = 0]) => square(2 + x / 10, 48 + y / 10)),
      [2],
    ],
    [
      'stand around two holes that touch in a corner',
      [0, 1, 2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15].map((n) => square(2 + (n % 4) / 10, 48 + Math.floor(n / 4) / 10)),
      [3],
    ],
    ['fill the hole of another', [without(square(2, 48), square(2.02, 48.02, 0.05)), square(2.02, 48.02, 0.05)], [1]],
    [
      'stand in the hole of another',
      [without(square(2, 48), square(2.02, 48.02, 0.05)), square(2.03, 48.03, 0.01)],
      [2, 1],
    ],
    [
      'are parts of one drawn shape',
      [{ type: 'MultiPolygon', coordinates: [square(2, 48).coordinates, square(2.1, 48).coordinates] }],
      [1],
    ],
  ])('are one ground without borders within where they %s', (_how, shapes, rings) => {
    const ground = dissolve(shapes, 100)!;
    expect(polygonFaults(ground)).toEqual([]);
    expect(ringsOf(ground).toSorted()).toEqual(rings.toSorted());
  });

  it('are no geometry where there are none', () => {
    expect(dissolve([], 100)).toBeUndefined();
  });

  it('cover what they covered, drawn as they may be', () => {
    const outlines = fc.array(anyPolygon({ minLength: 3, maxLength: 120 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(outlines, (shapes) => {
        const [ground, thin] = [dissolve(shapes, WHOLE)!, dissolve(shapes, 100)!];
        for (const outline of [ground, thin]) expect(polygonFaults(outline)).toEqual([]);
        for (const ring of partsOf(thin).flat()) expect(ring.length).toBeLessThanOrEqual(100);
        const all = shapes.map(shapeOf);
        for (let n = 0; n < 30; n++) {
          const point = [2 + ((n * 37) % 60) / 100 + 0.0000037, 48.3 + ((n * 53) % 60) / 100 + 0.0000041];
          expect(holds(shapeOf(ground), point)).toBe(all.some((shape) => holds(shape, point)));
        }
      }),
      budget(60),
    );
  });
});

const official = officialFile();
describe.each([
  ['in cells', loadTerritory()],
  ...(official ? [['with official outlines', loadTerritory(official)] as const] : []),
] as const)('communes %s', (_how, { communes }) => {
  const distance = (a: Commune, b: Commune): number => {
    const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [a.centre.coordinates, b.centre.coordinates];
    return Math.hypot(x1 - x2, y1 - y2);
  };
  /** Neighbours of each commune in turn, and others from anywhere. */
  const neighbours = fc
    .record({
      middle: fc.constantFrom(...communes),
      near: fc.integer({ min: 0, max: 60 }),
      far: fc.subarray([...communes], { maxLength: 20 }),
    })
    .map(({ middle, near, far }) => [
      ...new Set([
        ...communes.toSorted((a, b) => distance(a, middle) - distance(b, middle)).slice(0, near + 1),
        ...far,
      ]),
    ]);

  const check = (some: readonly Commune[]): void => {
    const outlines = some.map(({ outline }) => outline);
    const [ground, thin] = [dissolve(outlines, WHOLE)!, dissolve(outlines, 100)!];
    expect(polygonFaults(thin)).toEqual([]);
    for (const ring of partsOf(thin).flat()) expect(ring.length).toBeLessThanOrEqual(100);
    const area = outlines.reduce((sum, outline) => sum + areaOf(outline), 0);
    expect(areaOf(ground) / area).toBeCloseTo(1, 9);
    const chosen = new Set(some.map(({ code }) => code));
    const shape = shapeOf(ground);
    for (const { code, centre } of communes)
      expect([code, holds(shape, centre.coordinates)]).toEqual([code, chosen.has(code)]);
  };

  it('that are all of them are one polygon', () => {
    check(communes);
    expect(
      ringsOf(
        dissolve(
          communes.map(({ outline }) => outline),
          100,
        ),
      ),
    ).toEqual([1]);
  });

  it('are valid each with its nearest neighbours', () => {
    for (const middle of communes)
      check(communes.toSorted((a, b) => distance(a, middle) - distance(b, middle)).slice(0, 5));
  });

  it('are valid in any choice, and cover what they covered', () => {
    fc.assert(fc.property(neighbours, check), budget(100));
  });

  it('are valid beside shapes that were drawn', () => {
    fc.assert(
      fc.property(
        neighbours,
        fc.array(anyPolygon({ minLength: 3, maxLength: 40 }), { minLength: 1, maxLength: 2 }),
        (some, drawn) => {
          expect(polygonFaults(dissolve([...some.map(({ outline }) => outline), ...drawn], 100)!)).toEqual([]);
        },
      ),
      budget(30),
    );
  });
});
