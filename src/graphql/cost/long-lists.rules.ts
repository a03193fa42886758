import type { FieldFault } from '../../errors.ts';
import { LIMITS } from '../limits.ts';

/**
 * The first list in the variables of a request that holds more items than any may; undefined where none does. It is looked
 * for before the variables are read as the schema has them, which takes a microsecond for each item.
 */
export function longListIn(value: unknown, path = 'variables'): FieldFault | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    // The input that holds a geometry bounds its points.
    if (areCoordinates(value)) return undefined;
    if (value.length > LIMITS.items)
      return { path, message: `must hold at most ${LIMITS.items} items, not ${value.length}` };
  }
  for (const [name, within] of Object.entries(value)) {
    const found = longListIn(within, `${path}.${name}`);
    if (found) return found;
  }
  return undefined;
}

const areCoordinates = ([first]: readonly unknown[]): boolean => Array.isArray(first) || typeof first === 'number';
