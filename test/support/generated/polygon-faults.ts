import type { MultiPolygon, Polygon, Position } from 'geojson';

/** Corners as whole numbers: products of them are exact. */
type Corner = readonly [number, number];
type Ring = readonly Corner[];

const corner = ([lon = 0, lat = 0]: Position): Corner => [Math.round(lon * 1e6) * 2, Math.round(lat * 1e6) * 2];
const cross = (a: Corner, b: Corner, c: Corner): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
const dot = (a: Corner, b: Corner, c: Corner): number => (b[0] - a[0]) * (c[0] - a[0]) + (b[1] - a[1]) * (c[1] - a[1]);
const isSame = (a: Corner, b: Corner): boolean => a[0] === b[0] && a[1] === b[1];
const isBetween = (a: Corner, b: Corner, p: Corner): boolean => cross(a, b, p) === 0 && dot(p, a, b) <= 0;

/** How two edges stand: apart, in one common point, crossing within, or upon each other. */
function standing([a, b]: [Corner, Corner], [c, d]: [Corner, Corner]): 'apart' | 'touch' | 'cross' | 'overlap' {
  const [p, q, r, s] = [cross(a, b, c), cross(a, b, d), cross(c, d, a), cross(c, d, b)].map(Math.sign) as [
    number,
    number,
    number,
    number,
  ];
  if (p === 0 && q === 0) {
    const within = [c, d].filter((end) => isBetween(a, b, end)).concat([a, b].filter((end) => isBetween(c, d, end)));
    const distinct = within.filter((one, index) => within.findIndex((other) => isSame(one, other)) === index);
    return distinct.length > 1 ? 'overlap' : distinct.length === 1 ? 'touch' : 'apart';
  }
  if (p * q < 0 && r * s < 0) return 'cross';
  return p * q <= 0 && r * s <= 0 ? 'touch' : 'apart';
}

/** Whether a point that lies on no edge is in a ring. */
function isIn(ring: Ring, point: Corner): boolean {
  let inside = false;
  ring.slice(1).forEach((to, index) => {
    const from = ring[index]!;
    if (from[1] > point[1] === to[1] > point[1]) return;
    if (Math.sign(cross(from, to, point)) === Math.sign(to[1] - from[1])) inside = !inside;
  });
  return inside;
}

/** The middle of an edge; corners are even. */
const middle = ([[x1, y1], [x2, y2]]: [Corner, Corner]): Corner => [(x1 + x2) / 2, (y1 + y2) / 2];
const edgesOf = (ring: Ring): [Corner, Corner][] => ring.slice(1).map((to, index) => [ring[index]!, to]);
const boxOf = (ring: Ring) =>
  [0, 1].map((axis) => [Math.min(...ring.map((c) => c[axis]!)), Math.max(...ring.map((c) => c[axis]!))]);
const boxesMeet = (a: number[][], b: number[][]): boolean =>
  a.every(([low], axis) => low! <= b[axis]![1]! && b[axis]![0]! <= a[axis]![1]!);

function faultsBetween(one: Ring, other: Ring, name: string): string[] {
  const touching = new Set<string>();
  const faults: string[] = [];
  for (const a of edgesOf(one))
    for (const b of edgesOf(other)) {
      if (!boxesMeet(boxOf(a), boxOf(b))) continue;
      const how = standing(a, b);
      if (how === 'cross' || how === 'overlap') faults.push(`${name}: edges ${how} at ${a}`);
      if (how === 'touch')
        for (const end of [...a, ...b]) if (isBetween(...a, end) && isBetween(...b, end)) touching.add(String(end));
    }
  if (name.startsWith('polygon') && touching.size > 1)
    faults.push(`${name}: rings touch in ${touching.size} points, which part the ground within`);
  return faults;
}

function faultsOfRing(ring: Ring, name: string): string[] {
  if (ring.length < 4 || !isSame(ring[0]!, ring.at(-1)!)) return [`${name}: is no closed ring`];
  const edges = edgesOf(ring);
  return edges.flatMap((a, i) =>
    edges.slice(i + 1).flatMap((b, k) => {
      const how = standing(a, b);
      const areNeighbours = k === 0 || (i === 0 && i + 1 + k === edges.length - 1);
      return how === 'apart' || (how === 'touch' && areNeighbours) ? [] : [`${name}: it meets itself at ${a}`];
    }),
  );
}

/**
 * Everything for which GEOS and PostGIS call a geometry invalid (OGC simple features), found the slow and plain way, exactly: rings
 * that meet themselves or cross, polygons that lie on each other or share an edge, holes outside, ground that falls apart.
 */
export function polygonFaults(geometry: Polygon | MultiPolygon): string[] {
  const polygons = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).map((rings) =>
    rings.map((ring) => ring.map(corner)),
  );
  const rings = polygons.flatMap((polygon, p) => polygon.map((ring, r) => ({ ring, p, r, box: boxOf(ring) })));
  const faults = rings.flatMap(({ ring, p, r }) => faultsOfRing(ring, `ring ${p}.${r}`));
  for (const [index, a] of rings.entries())
    for (const b of rings.slice(index + 1)) {
      if (!boxesMeet(a.box, b.box)) continue;
      faults.push(
        ...faultsBetween(
          a.ring,
          b.ring,
          a.p === b.p ? `polygon ${a.p}` : `polygons ${a.p}, ${b.p}`.replace(/^polygon/, 'Polygon'),
        ),
      );
    }
  const holds = (polygon: readonly Ring[], point: Corner): boolean =>
    isIn(polygon[0]!, point) && !polygon.slice(1).some((hole) => isIn(hole, point));
  for (const [p, [outer, ...holes]] of polygons.entries()) {
    for (const hole of holes)
      if (!isIn(outer!, middle(edgesOf(hole)[0]!))) faults.push(`polygon ${p}: a hole lies outside`);
    for (const [q, other] of polygons.entries())
      if (p !== q && holds(other, middle(edgesOf(outer!)[0]!))) faults.push(`polygon ${p} lies on ${q}`);
  }
  return faults;
}
