import type { Position } from 'geojson';
import { signedArea } from '../rings.rules.ts';
import { liesIn, middleOf } from './polygons.rules.ts';

/**
 * The polygons that others cover together which lie side by side: a border that two of them share, corner for corner, is none. They
 * are wound as RFC 7946 asks, before and after. Where polygons overlap, or know a common border by other corners, no good
 * polygons come out: the caller looks (`arePolygons`).
 */
export function withoutSharedBorders(polygons: readonly Position[][][]): Position[][][] {
  const rings = new Borders(polygons.flat()).rings();
  const outer = rings.filter((ring) => signedArea(ring) > 0).sort((a, b) => signedArea(a) - signedArea(b));
  const merged = outer.map((ring) => [ring]);
  for (const hole of rings.filter((ring) => signedArea(ring) < 0))
    merged.find(([around = []]) => liesIn([around], middleOf(hole)))?.push(hole);
  return merged;
}

/** Directed edges, by the corner that they begin at. An edge that comes the other way round takes away the one there was. */
class Borders {
  readonly #from = new Map<string, Position[]>();
  readonly #corners: Position[] = [];

  constructor(rings: readonly Position[][]) {
    for (const ring of rings) for (const [index, to] of ring.slice(1).entries()) this.#add(ring[index] ?? to, to);
  }

  /** Every edge in one ring. A ring that comes back to one of its corners is parted there. */
  rings(): Position[][] {
    return this.#corners.flatMap((corner) => this.#ringsFrom(corner));
  }

  #add(from: Position, to: Position): void {
    const back = this.#from.get(String(to)) ?? [];
    const index = back.findIndex((end) => String(end) === String(from));
    if (index >= 0) return void back.splice(index, 1);
    const known = this.#from.get(String(from));
    if (known) return void known.push(to);
    this.#from.set(String(from), [to]);
    this.#corners.push(from);
  }

  #ringsFrom(start: Position): Position[][] {
    const rings: Position[][] = [];
    const walk = [start];
    const places = new Map([[String(start), 0]]);
    for (let next = this.#take(walk); next; next = this.#take(walk)) {
      const place = places.get(String(next));
      if (place === undefined) {
        places.set(String(next), walk.push(next) - 1);
        continue;
      }
      const left = walk.splice(place + 1);
      for (const corner of left) places.delete(String(corner));
      rings.push([next, ...left, next]);
    }
    return rings;
  }

  /** The edge that goes on; where several do, the one that bounds the same ground: the first clockwise from where the walk came. */
  #take(walk: readonly Position[]): Position | undefined {
    const [here = [], before] = [walk.at(-1), walk.at(-2)];
    const ways = this.#from.get(String(here)) ?? [];
    if (ways.length < 2 || !before) return ways.shift();
    const turns = ways.map((way) => clockwise(here, before, way));
    return ways.splice(turns.indexOf(Math.min(...turns)), 1)[0];
  }
}

/** The angle from one direction to another, clockwise. */
function clockwise([x = 0, y = 0]: Position, [x1 = 0, y1 = 0]: Position, [x2 = 0, y2 = 0]: Position): number {
  const turn = Math.atan2(y1 - y, x1 - x) - Math.atan2(y2 - y, x2 - x);
  return turn > 0 ? turn : turn + 2 * Math.PI;
}
