import fc from 'fast-check';
import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { boxOf, geometrySchema, lineSchema } from '../../../src/territory/geometry.rules.ts';
import { ringFault, signedArea } from '../../../src/territory/rings.rules.ts';
import { segment, segmentsMeet, segmentsOf } from '../../../src/territory/segments.rules.ts';
import { anyLine, anyPoint, anyPolygon } from '../../support/generated/shapes.ts';

const polygon = (...rings: Position[][]) => ({ type: 'Polygon', coordinates: rings });
const faultsOf = (geometry: unknown): string[] => {
  const checked = geometrySchema.safeParse(geometry);
  return checked.success ? [] : checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const swapped = (points: readonly Position[]): Position[] => points.map(([lon = 0, lat = 0]) => [lat, lon]);

const square: Position[] = [
  [2.2, 48.5],
  [2.4, 48.5],
  [2.4, 48.7],
  [2.2, 48.7],
  [2.2, 48.5],
];
const small = (west: number, south: number): Position[] => [
  [west, south],
  [west + 0.05, south],
  [west + 0.05, south + 0.05],
  [west, south],
];

describe('a geometry in an input', () => {
  it('comes back unchanged when it is good, but for its winding', () => {
    fc.assert(
      fc.property(anyPolygon(), (given) => {
        const checked = geometrySchema.parse(given);
        expect(checked).toEqual(given);
        expect(geometrySchema.parse(polygon(given.coordinates[0]!.toReversed()))).toSatisfy(
          (turned: { coordinates: Position[][] }) => signedArea(turned.coordinates[0]!) > 0,
        );
      }),
    );
  });

  it('is refused as swapped wherever in the Essonne its coordinates are the wrong way round', () => {
    fc.assert(
      fc.property(anyPoint, anyLine, anyPolygon({ minLength: 3, maxLength: 8 }), (point, line, area) => {
        const [lon = 0, lat = 0] = point;
        expect(faultsOf({ type: 'Point', coordinates: [lat, lon] })).toEqual([
          `coordinates: longitude and latitude look swapped: the Essonne is near [2.3, 48.5], not [${lat}, ${lon}]`,
        ]);
        for (const geometry of [
          { ...line, coordinates: swapped(line.coordinates) },
          { ...area, coordinates: area.coordinates.map(swapped) },
        ])
          expect(faultsOf(geometry)).toEqual([expect.stringContaining('look swapped')]);
      }),
    );
  });

  it.each([
    ['open', [square.slice(0, -1)], 'coordinates.0: a ring must be closed: its last point equals its first'],
    [
      'of two points',
      [[square[0]!, square[1]!, square[0]!]],
      'coordinates.0: a ring needs at least 4 points, of which 3 differ',
    ],
    [
      'of one point, repeated',
      [Array(5).fill(square[0])],
      'coordinates.0: a ring needs at least 4 points, of which 3 differ',
    ],
    ['without a ring', [], 'coordinates: a polygon needs an outer ring'],
    ['with a hole outside', [square, small(2.5, 48.5)], 'coordinates: hole 1 must lie within the outer ring'],
  ])('is refused when a polygon is %s', (_words, rings, fault) => {
    expect(faultsOf(polygon(...rings))).toEqual([fault]);
  });

  it.each([
    [
      'a bow tie',
      [
        [2.2, 48.5],
        [2.3, 48.6],
        [2.3, 48.5],
        [2.2, 48.6],
        [2.2, 48.5],
      ],
    ],
    [
      'a figure of eight that touches itself in one corner',
      [
        [2.2, 48.5],
        [2.3, 48.5],
        [2.25, 48.55],
        [2.3, 48.6],
        [2.2, 48.6],
        [2.25, 48.55],
        [2.2, 48.5],
      ],
    ],
    [
      'a spike out and back',
      [
        [2.2, 48.5],
        [2.3, 48.5],
        [2.4, 48.5],
        [2.3, 48.5],
        [2.3, 48.6],
        [2.2, 48.6],
        [2.2, 48.5],
      ],
    ],
    [
      'points on one straight line',
      [
        [2.2, 48.5],
        [2.3, 48.5],
        [2.4, 48.5],
        [2.2, 48.5],
      ],
    ],
    [
      'an edge that runs along another',
      [
        [2.2, 48.5],
        [2.4, 48.5],
        [2.4, 48.6],
        [2.35, 48.5],
        [2.25, 48.5],
        [2.2, 48.6],
        [2.2, 48.5],
      ],
    ],
  ])('is refused when a ring is %s', (_words, ring) => {
    expect(faultsOf(polygon(ring))).toEqual([expect.stringContaining('a ring must not touch or cross itself')]);
  });

  it('is refused when the rings of a polygon cross', () => {
    // corners of the hole lie in the outer ring, which is dented; its edge leaves it and comes back
    const dented: Position[] = [
      [2.2, 48.5],
      [2.3, 48.58],
      [2.4, 48.5],
      [2.4, 48.7],
      [2.2, 48.7],
      [2.2, 48.5],
    ];
    const hole: Position[] = [
      [2.22, 48.53],
      [2.38, 48.53],
      [2.3, 48.65],
      [2.22, 48.53],
    ];
    expect(faultsOf(polygon(dented, hole))).toEqual(['coordinates: the rings of a polygon must not cross each other']);
  });

  it('finds every ring that crosses itself, as comparing all segments with all others does', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyPoint, { minLength: 3, maxLength: 12, selector: String }), (corners) => {
        const ring = [...corners, corners[0]!];
        const pieces = segmentsOf(ring);
        const apart = (i: number, j: number) => j - i > 1 && !(i === 0 && j === pieces.length - 1);
        const crosses = pieces.some((a, i) => pieces.some((b, j) => apart(i, j) && segmentsMeet(a, b)));
        // a triangle has no segments apart: it is bad only when it is flat
        if (corners.length > 3 && crosses) expect(ringFault(ring)).toBeDefined();
        if (!crosses && Math.abs(signedArea(ring)) > 1e-9 && corners.length === 3)
          expect(ringFault(ring)).toBeUndefined();
        if (ringFault(ring) === undefined) expect(crosses).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('is rounded to six decimals, without the points that become equal and without altitude', () => {
    expect(
      geometrySchema.parse({
        type: 'LineString',
        coordinates: [
          [2.12345678, 48.5, 90],
          [2.12345679, 48.5],
          [2.2, 48.6],
        ],
      }),
    ).toEqual({
      type: 'LineString',
      coordinates: [
        [2.123457, 48.5],
        [2.2, 48.6],
      ],
    });
  });

  it.each([
    ['no object', null],
    ['an unknown type', { type: 'Circle', coordinates: [2.3, 48.5] }],
    ['a collection', { type: 'GeometryCollection', geometries: [] }],
    ['text for numbers', { type: 'Point', coordinates: ['2.3', '48.5'] }],
    ['a lone number', { type: 'Point', coordinates: [2.3] }],
    ['a point that is not on earth', { type: 'Point', coordinates: [2.3, 148.5] }],
    ['NaN', { type: 'Point', coordinates: [Number.NaN, 48.5] }],
    ['infinity', { type: 'Point', coordinates: [2.3, Number.POSITIVE_INFINITY] }],
    [
      'a line that stays in one place',
      {
        type: 'LineString',
        coordinates: [
          [2.3, 48.5],
          [2.3, 48.5],
        ],
      },
    ],
    ['no part', { type: 'MultiPolygon', coordinates: [] }],
    [
      'a million parts',
      {
        type: 'MultiLineString',
        coordinates: Array(1_000).fill([
          [2.3, 48.5],
          [2.4, 48.5],
        ]),
      },
    ],
  ])('is refused, in words, when it is %s', (_words, given) => {
    expect(faultsOf(given)).toSatisfy(
      (faults: string[]) => faults.length > 0 && faults.every((fault) => fault.length > 10),
    );
  });

  it('is a line where a road is wanted', () => {
    expect(lineSchema.safeParse(polygon(square)).success).toBe(false);
  });
});

describe('measures', () => {
  it('give a box that holds every point', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const [west, south, east, north] = boxOf(line);
        const [xs, ys] = [line.coordinates.map(([x]) => x!), line.coordinates.map(([, y]) => y!)];
        expect([west, south, east, north]).toEqual([
          Math.min(...xs),
          Math.min(...ys),
          Math.max(...xs),
          Math.max(...ys),
        ]);
      }),
    );
  });

  it('say the same of two segments whichever comes first and whichever way they run', () => {
    fc.assert(
      fc.property(anyPoint, anyPoint, anyPoint, anyPoint, (a, b, c, d) => {
        const meet = segmentsMeet(segment(a, b), segment(c, d));
        expect(segmentsMeet(segment(d, c), segment(b, a))).toBe(meet);
        expect(segmentsMeet(segment(a, b), segment(b, c))).toBe(true);
      }),
    );
  });
});
