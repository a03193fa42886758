import FlatQueue from 'flatqueue';
import type { Position } from 'geojson';
import KDBush from 'kdbush';
import { samePoint, sideOf } from './segments.rules.ts';

/**
 * Takes corners away until `most` points are left (Visvalingam: the corner that spans the least area goes first). A simple ring
 * stays one: a corner waits while another stands in the triangle that it would be cut off by, since only then the shortcut meets
 * the rest. A line keeps its ends; one that crosses itself may run out of such corners, and is cut all the same.
 */
export const thin = (points: readonly Position[], most: number): Position[] => thinTogether([points], most)[0] ?? [];

/**
 * Thins lines and rings of one shape to `most` points each. Where they do not cross each other, they do not afterwards either,
 * unless one of them runs out of corners. A corner where two of them touch stays.
 */
export function thinTogether(lines: readonly (readonly Position[])[], most: number): Position[][] {
  if (lines.every(({ length }) => length <= most)) return lines.map((points) => [...points]);
  const parts = lines.map((points) => {
    const closed = samePoint(points[0], points.at(-1));
    return { corners: closed ? points.slice(0, -1) : points, closed, most: closed ? most - 1 : most };
  });
  const cutting = new Cutting(parts);
  cutting.cut(true);
  cutting.cut(false);
  let first = 0;
  return parts.map(({ corners, closed }) => {
    const start = first;
    first += corners.length;
    const kept = corners.filter((_, index) => !cutting.gone.has(start + index));
    return closed ? [...kept, ...kept.slice(0, 1)] : kept;
  });
}

/** A line or a ring, which is written without its last point. */
interface Part {
  readonly corners: readonly Position[];
  readonly closed: boolean;
  /** How many corners may be left. */
  readonly most: number;
}

/** The corners that are left, each with its neighbours, and a queue of those that may go, the least area first. */
class Cutting {
  readonly gone = new Set<number>();
  readonly #corners: readonly Position[];
  readonly #partOf: number[];
  /** How many corners each part has to lose. */
  readonly #surplus: number[];
  readonly #ends = new Set<number>();
  readonly #before: number[] = [];
  readonly #after: number[] = [];
  readonly #areas = new Map<number, number>();
  readonly #queue = new FlatQueue<number>();
  readonly #places: KDBush;
  /** By a corner, those that wait for it to go. */
  readonly #waiting = new Map<number, number[]>();

  constructor(parts: readonly Part[]) {
    this.#corners = parts.flatMap(({ corners }) => corners);
    this.#partOf = parts.flatMap(({ corners }, part) => corners.map(() => part));
    this.#surplus = parts.map(({ corners, most }) => corners.length - most);
    for (const part of parts) this.#link(part);
    this.#places = new KDBush(this.#corners.length);
    for (const [x = 0, y = 0] of this.#corners) this.#places.add(x, y);
    this.#places.finish();
  }

  /** Cuts corners until each part has lost enough, or none may go. `careful` keeps a corner while another lies in its triangle. */
  cut(careful: boolean): void {
    for (const index of this.#corners.keys()) this.#weigh(index);
    while (this.#surplus.some((surplus) => surplus > 0)) {
      const area = this.#queue.peekValue();
      const index = this.#queue.pop();
      if (index === undefined) return;
      // Weighed anew since, or cut already; or its part has lost enough.
      if (this.#areas.get(index) !== area || !this.#isToLose(index)) continue;
      const obstacle = careful ? this.#obstacleTo(index) : undefined;
      if (obstacle === undefined) this.#cutOff(index);
      else this.#waiting.set(obstacle, [...(this.#waiting.get(obstacle) ?? []), index]);
    }
  }

  #link({ corners: { length }, closed }: Part): void {
    const first = this.#before.length;
    const last = first + length - 1;
    for (let index = first; index <= last; index++) {
      this.#before.push(index === first ? last : index - 1);
      this.#after.push(index === last ? first : index + 1);
    }
    if (!closed) this.#ends.add(first).add(last);
  }

  #isToLose(index: number): boolean {
    return (this.#surplus[this.#partOf[index] ?? 0] ?? 0) > 0;
  }

  #weigh(index: number): void {
    if (this.#ends.has(index) || this.gone.has(index) || !this.#isToLose(index)) return;
    const area = spanned(...this.#triangle(index));
    this.#areas.set(index, area);
    this.#queue.push(index, area);
  }

  #cutOff(index: number): void {
    const [before = 0, after = 0] = [this.#before[index], this.#after[index]];
    const part = this.#partOf[index] ?? 0;
    this.gone.add(index);
    this.#surplus[part] = (this.#surplus[part] ?? 0) - 1;
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
      if (other === index || this.gone.has(other)) return false;
      const point = this.#corners[other] ?? [];
      // Another part that begins the shortcut with it, or ends it, does not meet it there; one that touches the corner would be left behind.
      return !(samePoint(point, a) || samePoint(point, c)) && stands(point, a, b, c);
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
