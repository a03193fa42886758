import type { DocumentNode } from 'graphql';
import { rootFields } from './root-fields.ts';

/** How long an answer may have been under way: a CDN hands out the last one for a day while it cannot reach the hub. */
const LATEST_MS = 24 * 3600_000;
/** The version and the epoch of a cursor, in base64url: cursors of one epoch begin alike. */
const EPOCH_SIGNS = 52;

interface Seen {
  position: number;
  at: number;
}

/**
 * Remembers where each object and each answer stood when it was last seen, so that a cache can tell an answer that comes late. Objects
 * are known by `id` and `position`, answers by their field and `position`: an app that selects no `position` is never told. Positions
 * count within an epoch, which `asOf` and `cursor` tell: with the first answer of another epoch, everything is forgotten.
 */
export class Newest {
  readonly #seen = new Map<string, Seen>();
  readonly #now: () => number;
  #epoch: string | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** False where an answer shows something as it stood before it was last seen; else remembers what it shows. */
  admits(document: DocumentNode, variables: unknown, data: unknown): boolean {
    const shown = shownIn(document, variables, data);
    if (shown.epoch !== undefined && shown.epoch !== this.#epoch) {
      if (this.#epoch !== undefined) this.forget();
      this.#epoch = shown.epoch;
    }
    const at = this.#now();
    for (const [key, position] of shown.positions) {
      const seen = this.#seen.get(key);
      if (seen && seen.position > position && at - seen.at < LATEST_MS) return false;
    }
    for (const [key, position] of shown.positions) this.#seen.set(key, { position, at });
    return true;
  }

  /** Takes what a stored cache holds as seen now. */
  remember(stored: unknown): void {
    const at = this.#now();
    for (const [key, position] of positionsIn(stored)) this.#seen.set(key, { position, at });
  }

  forget(): void {
    this.#seen.clear();
    this.#epoch = undefined;
  }
}

function shownIn(document: DocumentNode, variables: unknown, data: unknown) {
  const positions = positionsIn(data);
  let epoch: string | undefined;
  for (const { key, value } of rootFields(document, Object(variables), data)) {
    for (const [index, answer] of (Array.isArray(value) ? value : [value]).entries()) {
      if (!isObject(answer)) continue;
      if (typeof answer.position === 'number' && answer.id === undefined)
        positions.set(`${key}.${index}`, answer.position);
      const cursor = answer.asOf ?? answer.endCursor ?? answer.cursor;
      if (typeof cursor === 'string') epoch = cursor.slice(0, EPOCH_SIGNS);
    }
  }
  return { positions, epoch };
}

/** The position of every object within that has an id, by its type and its id. */
function positionsIn(value: unknown, found = new Map<string, number>()): Map<string, number> {
  if (Array.isArray(value)) for (const one of value) positionsIn(one, found);
  else if (isObject(value)) {
    const { __typename: type, id, position } = value;
    if (typeof id === 'string' && typeof position === 'number') found.set(`${type}:${id}`, position);
    for (const one of Object.values(value)) positionsIn(one, found);
  }
  return found;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
