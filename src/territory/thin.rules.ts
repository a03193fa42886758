import FlatQueue from 'flatqueue';
import type { Position } from 'geojson';
import KDBush from 'kdbush';
import { samePoint, sideOf } from './segments.rules.ts';

/**
 * Takes corners away until `most` points are left (Visvalingam: the corner that spans the least area goes first). A simple ring
 * stays one: a corner waits while another stands in the triangle that it would be cut off by, since only then the shortcut meets
 * the rest. A line keeps its ends; one that crosses itself may run out of such corners, and is cut all the same.
 */
export function thin(points: readonly Position[], most: number): Position[] {
  if (points.length <= most) return [...points];
  const closed = samePoint(points[0], points.at(-1));
  const corners = closed ? points.slice(0, -1) : [...points];
  const cutting = new Cutting(corners, closed);
  const left = closed ? most - 1 : most;
  cutting.cutTo(left, true);
  cutting.cutTo(left, false);
  const kept = corners.filter((_, index) => !cutting.gone.has(index));
  return closed ? [...kept, ...kept.slice(0, 1)] : kept;
}

/** The corners that are left, each with its neighbours, and a queue of those that may go, the least area first. */
class Cutting {
  readonly gone = new Set<number>();
  readonly #corners: readonly Position[];
  readonly #closed: boolean;
  readonly #before: number[];
  readonly #after: number[];
  readonly #areas = new Map<number, number>();
  readonly #queue = new FlatQueue<number>();
  readonly #places: KDBush;
  /** By a corner, those that wait for it to go. */
  readonly #waiting = new Map<number, number[]>();

  constructor(corners: readonly Position[], closed: boolean) {
    this.#corners = corners;
    this.#closed = closed;
    const last = corners.length - 1;
    this.#before = corners.map((_, index) => (index === 0 ? last : index - 1));
    this.#after = corners.map((_, index) => (index === last ? 0 : index + 1));
    this.#places = new KDBush(corners.length);
    for (const [x = 0, y = 0] of corners) this.#places.add(x, y);
    this.#places.finish();
    this.#weighAll();
  }

  /** Cuts corners until `most` are left, or none may go. `careful` keeps a corner while another lies in its triangle. */
  cutTo(left: number, careful: boolean): void {
    if (!careful) this.#weighAll();
    while (this.#corners.length - this.gone.size > left) {
      const area = this.#queue.peekValue();
      const index = this.#queue.pop();
      if (index === undefined) return;
      // Weighed anew since, or cut already.
      if (this.#areas.get(index) !== area) continue;
      const obstacle = careful ? this.#obstacleTo(index) : undefined;
      if (obstacle === undefined) this.#cut(index);
      else this.#waiting.set(obstacle, [...(this.#waiting.get(obstacle) ?? []), index]);
    }
  }

  #weighAll(): void {
    for (const index of this.#corners.keys()) this.#weigh(index);
  }

  #weigh(index: number): void {
    const isEnd = !this.#closed && (index === 0 || index === this.#corners.length - 1);
    if (isEnd || this.gone.has(index)) return;
    const area = spanned(...this.#triangle(index));
    this.#areas.set(index, area);
    this.#queue.push(index, area);
  }

  #cut(index: number): void {
    const [before = 0, after = 0] = [this.#before[index], this.#after[index]];
    this.gone.add(index);
    this.#areas.delete(index);
    this.#after[before] = after;
    this.#before[after] = before;
    for (const waiting of this.#waiting.get(index) ?? []) this.#weigh(waiting);
    this.#waiting.delete(index);
    this.#weigh(before);
    this.#weigh(after);
  }

  /** A corner that stands in the triangle of another, its sides included; undefined where none does. */
  #obstacleTo(index: number): number | undefined {
    const [a, b, c] = this.#triangle(index);
    const [xs, ys] = [0, 1].map((axis) => [a, b, c].map((point) => point[axis] ?? 0));
    const near = this.#places.range(
      Math.min(...(xs ?? [])),
      Math.min(...(ys ?? [])),
      Math.max(...(xs ?? [])),
      Math.max(...(ys ?? [])),
    );
    return near.find((other) => {
      const point = this.#corners[other] ?? [];
      const own = [a, b, c].some((corner) => samePoint(corner, point));
      return !own && !this.gone.has(other) && stands(point, a, b, c);
    });
  }

  #triangle(index: number): [Position, Position, Position] {
    const at = (place: number | undefined) => this.#corners[place ?? 0] ?? [];
    return [at(this.#before[index]), at(index), at(this.#after[index])];
  }
}

/** Twice the area of a triangle. */
function spanned([x1 = 0, y1 = 0]: Position, [x2 = 0, y2 = 0]: Position, [x3 = 0, y3 = 0]: Position): number {
  return Math.abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1));
}

/** Whether a point of a triangle's bounding box stands in the triangle, its sides included. */
function stands(point: Position, a: Position, b: Position, c: Position): boolean {
  const sides = [sideOf(a, b, point), sideOf(b, c, point), sideOf(c, a, point)];
  return !(sides.includes(1) && sides.includes(-1));
}
