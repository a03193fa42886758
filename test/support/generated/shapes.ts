import fc from 'fast-check';
import type { LineString, Polygon, Position } from 'geojson';

/** Degrees that keep their value when they are written with six decimals. */
const degrees = (least: number, most: number) =>
  fc.integer({ min: Math.round(least * 1e4), max: Math.round(most * 1e4) }).map((number) => number / 1e4);

/** Somewhere in the box of the Essonne or a little outside. */
export const anyPoint: fc.Arbitrary<Position> = fc.tuple(degrees(1.8, 2.7), degrees(48.2, 48.9));

/** A road-like line: a walk of short steps. */
export const anyLine: fc.Arbitrary<LineString> = fc
  .tuple(anyPoint, fc.array(fc.tuple(degrees(-0.03, 0.03), degrees(-0.03, 0.03)), { minLength: 1, maxLength: 60 }))
  .map(([start, steps]) => {
    const coordinates = [start];
    for (const [dx, dy] of steps) {
      const [x = 0, y = 0] = coordinates.at(-1) ?? [];
      const next = [Math.round((x + dx) * 1e4) / 1e4, Math.round((y + dy) * 1e4) / 1e4];
      if (dx !== 0 || dy !== 0) coordinates.push(next);
    }
    return { type: 'LineString' as const, coordinates };
  })
  .filter(({ coordinates }) => coordinates.length > 1);

/** A simple polygon: corners in the order of their angle around a middle, at any distance from it. */
export const anyPolygon = (corners = { minLength: 3, maxLength: 60 }): fc.Arbitrary<Polygon> =>
  fc
    .tuple(anyPoint, fc.array(fc.double({ min: 0.005, max: 0.2, noNaN: true }), corners))
    .map(([[x = 0, y = 0], radii]) => {
      const ring = radii.map((radius, index): Position => {
        const angle = (index / radii.length) * 2 * Math.PI;
        return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)].map((n) => Math.round(n * 1e6) / 1e6);
      });
      return { type: 'Polygon' as const, coordinates: [[...ring, ring[0]!]] };
    });
