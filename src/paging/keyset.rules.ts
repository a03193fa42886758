import { z } from 'zod';
import { isWritableText } from '../database/writable-text.rules.ts';
import { type HubError, invalidInput } from '../errors.ts';
import { isUuid } from '../uuid.ts';

/** The parts of sort keys: a text that a row may hold, an id, and a moment in milliseconds since 1970 that a Date can hold. */
export const TEXT_PART = z.string().refine(isWritableText);
export const ID_PART = z.string().refine(isUuid);
export const MILLISECONDS_PART = z.int().min(0).max(8.64e15);

/** INVALID_INPUT for a cursor that no page of the list has. */
export const notOfThisList = (): HubError =>
  invalidInput([{ path: 'after', message: 'must be the endCursor of an earlier page, or the cursor of an edge' }]);

/**
 * How the sort key of one list, with the id last, is written as a cursor and read from `after`. A page begins after the sort
 * key of the last row that the client has seen, not at a number: what is written meanwhile neither repeats nor hides a row.
 */
export class Keyset<Key extends readonly unknown[]> {
  readonly #schema: z.ZodType<Key>;

  constructor(schema: z.ZodType<Key>) {
    this.#schema = schema;
  }

  cursorOf(key: Key): string {
    return Buffer.from(JSON.stringify(key)).toString('base64url');
  }

  /** The key in a cursor; null for none. Throws INVALID_INPUT, at `after`, for any other text. */
  keyOf(cursor: string | null | undefined): Key | null {
    if (cursor === null || cursor === undefined) return null;
    try {
      return this.#schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    } catch {
      throw notOfThisList();
    }
  }
}
