import { Delaunay } from 'd3-delaunay';
import type { Polygon, Position } from 'geojson';
import { wind, withoutRepeats } from './rings.rules.ts';

/**
 * Approximate outlines where the official ones are not at hand: each commune gets the points that are nearer to its
 * centre than to any other's, within the hull of all centres, widened. Good enough to tell neighbours apart, and marked
 * as approximate wherever they show.
 */
const WIDEN_DEGREES = 0.03;
// One degree of longitude is shorter than one of latitude here: distances are compared on a plane that knows it.
const SQUEEZE = Math.cos((48.5 * Math.PI) / 180);

type Pair = [number, number];

export function cellsAround(centres: readonly Position[]): Polygon[] {
  const points = centres.map(([lon = 0, lat = 0]): Pair => [lon * SQUEEZE, lat]);
  const delaunay = Delaunay.from(points);
  const hull = widen([...delaunay.hull].map((index) => points[index] ?? [0, 0]));
  const [xs, ys] = [hull.map(([x]) => x), hull.map(([, y]) => y)];
  const voronoi = delaunay.voronoi([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
  return points.map((_point, index) => {
    const cell = clip(voronoi.cellPolygon(index) as Pair[], hull);
    const ring = cell.map(([x, y]): Position => [Math.round((x / SQUEEZE) * 1e5) / 1e5, Math.round(y * 1e5) / 1e5]);
    return { type: 'Polygon', coordinates: wind([withoutRepeats([...ring, ...ring.slice(0, 1)])]) };
  });
}

/** Moves every corner of a convex hull outwards from its middle. */
function widen(hull: readonly Pair[]): Pair[] {
  const middle = (axis: 0 | 1) => hull.reduce((sum, corner) => sum + corner[axis], 0) / hull.length;
  const [cx, cy] = [middle(0), middle(1)];
  return hull.map(([x, y]) => {
    const length = Math.hypot(x - cx, y - cy) || 1;
    return [x + ((x - cx) / length) * WIDEN_DEGREES, y + ((y - cy) / length) * WIDEN_DEGREES];
  });
}

/** Sutherland–Hodgman: a convex polygon cut by a convex one. */
function clip(closed: readonly Pair[], hull: readonly Pair[]): Pair[] {
  const turn = Math.sign(crossOf(hull[0] ?? [0, 0], hull[1] ?? [0, 0], hull[2] ?? [0, 0]));
  let cell = closed.slice(0, -1);
  hull.forEach((from, index) => {
    const to = hull[(index + 1) % hull.length] ?? from;
    const inside = (point: Pair) => crossOf(from, to, point) * turn >= 0;
    cell = cell.flatMap((point, at) => {
      const before = cell.at(at - 1) ?? point;
      const crossing = inside(point) !== inside(before) ? [meet(from, to, before, point)] : [];
      return inside(point) ? [...crossing, point] : crossing;
    });
  });
  return cell;
}

const crossOf = (a: Pair, b: Pair, c: Pair): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

function meet(a: Pair, b: Pair, c: Pair, d: Pair): Pair {
  const [near, far] = [crossOf(a, b, c), crossOf(a, b, d)];
  const share = near / (near - far);
  return [c[0] + (d[0] - c[0]) * share, c[1] + (d[1] - c[1]) * share];
}
