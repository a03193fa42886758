import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geometrySchema } from '../../../src/territory/geometry.rules.ts';
import { ringFault, signedArea } from '../../../src/territory/rings.rules.ts';
import { simplify } from '../../../src/territory/simplify.rules.ts';
import { anyLine, anyPolygon } from '../../support/generated/shapes.ts';

const most = fc.integer({ min: 4, max: 70 });

describe('a geometry made simpler', () => {
  it('has at most the wanted points, and is still a good polygon whose corners are corners of the first', () => {
    fc.assert(
      fc.property(anyPolygon({ minLength: 3, maxLength: 80 }), most, (given, most) => {
        const simpler = simplify(given, most);
        const [ring = []] = simpler.coordinates;
        expect(ring.length).toBeLessThanOrEqual(most);
        expect(ring.at(-1)).toEqual(ring[0]);
        expect(geometrySchema.parse(simpler)).toEqual(simpler);
        const corners = new Set(given.coordinates[0]?.map(String));
        expect(ring.every((point) => corners.has(String(point)))).toBe(true);
      }),
    );
  });

  it('keeps both ends of a line, and its direction', () => {
    fc.assert(
      fc.property(anyLine, most, (given, most) => {
        const { coordinates } = simplify(given, most);
        expect(coordinates.length).toBeLessThanOrEqual(most);
        expect([coordinates[0], coordinates.at(-1)]).toEqual([given.coordinates[0], given.coordinates.at(-1)]);
        const places = coordinates.map((point) => given.coordinates.indexOf(point));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
    );
  });

  it('is the geometry itself where it is small enough', () => {
    fc.assert(
      fc.property(anyPolygon({ minLength: 3, maxLength: 50 }), (given) => {
        expect(simplify(given, 51)).toEqual(given);
      }),
    );
  });

  it('keeps a round shape almost whole', () => {
    const circle = Array.from({ length: 1_000 }, (_, index) => {
      const angle = (index / 1_000) * 2 * Math.PI;
      return [2.3 + 0.1 * Math.cos(angle), 48.5 + 0.1 * Math.sin(angle)];
    });
    const ring = [...circle, circle[0]!];
    const [thinned = []] = simplify({ type: 'Polygon' as const, coordinates: [ring] }, 100).coordinates;
    expect(thinned).toHaveLength(100);
    expect(signedArea(thinned) / signedArea(ring)).toBeGreaterThan(0.99);
  });

  it('of very many corners is cut down fast, and stays simple even where it winds along itself', () => {
    const wave = (number: number, of: number, width: number) => {
      const angle = (number / of) * 40 * Math.PI;
      const radius = (number / of) * 0.2 + width;
      return [2.3 + radius * Math.cos(angle), 48.5 + radius * Math.sin(angle)];
    };
    // A spiral of twenty turns, a metre or two wide at most: whoever cuts carelessly crosses the next turn.
    const way = Array.from({ length: 9_000 }, (_, index) => wave(index + 1_000, 10_000, 0));
    const back = Array.from({ length: 9_000 }, (_, index) => wave(10_000 - index, 10_000, 0.00002));
    const ring = [...way, ...back, way[0]!];
    const [thinned = []] = simplify({ type: 'Polygon' as const, coordinates: [ring] }, 400).coordinates;
    expect(thinned).toHaveLength(400);
    expect(ringFault(thinned)).toBeUndefined();
  });

  it('gives up the hole that its thinner outer ring leaves outside, and keeps the other', () => {
    const bumped = [
      [2.2, 48.5],
      [2.4, 48.5],
      [2.4, 48.7],
      [2.31, 48.7],
      [2.31, 48.71],
      [2.29, 48.71],
      [2.29, 48.7],
      [2.2, 48.7],
      [2.2, 48.5],
    ];
    const triangle = (x: number, y: number) => [
      [x, y],
      [Math.round(x * 1e3 + 5) / 1e3, Math.round(y * 1e3 + 5) / 1e3],
      [Math.round(x * 1e3 + 10) / 1e3, y],
      [x, y],
    ];
    const given = {
      type: 'Polygon' as const,
      coordinates: [bumped, triangle(2.295, 48.702), triangle(2.3, 48.6)],
    };
    expect(geometrySchema.parse(given)).toEqual(given);
    expect(simplify(given, 9).coordinates).toHaveLength(3);
    const [outer, ...holes] = simplify(given, 5).coordinates;
    expect(outer).toHaveLength(5);
    expect(holes).toEqual([triangle(2.3, 48.6)]);
  });

  it('cannot have less than 4 points', () => {
    expect(() => simplify({ type: 'Point', coordinates: [2.3, 48.5] }, 3)).toThrow(RangeError);
  });
});
