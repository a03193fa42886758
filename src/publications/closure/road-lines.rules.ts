import type { Position } from 'geojson';
import type { ClosureContent } from './closure.content.ts';

export interface RoadLine {
  readonly road: ClosureContent['roads'][number] | undefined;
  readonly line: Position[];
}

/** The lines of a closure's path. */
export const linesOf = ({ path }: Pick<ClosureContent, 'path'>): Position[][] =>
  path.type === 'LineString' ? [path.coordinates] : path.coordinates;

/**
 * Each line with its road: the first road has the first line, and so on. Where there are more lines than roads the last road has
 * the rest; where there are more roads, they share the last line. So no road is without a line, and no line without a road.
 */
export function roadLines({ roads, path }: Pick<ClosureContent, 'roads' | 'path'>): RoadLine[] {
  const lines = linesOf({ path });
  return Array.from({ length: Math.max(lines.length, roads.length) }, (_, index) => ({
    road: roads[index] ?? roads.at(-1),
    line: lines[index] ?? lines.at(-1) ?? [],
  }));
}
