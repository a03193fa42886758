import type { FieldPolicy, TypePolicy } from '@apollo/client';

/**
 * A value without an id, of which screens select different parts. Two selections that agree are of one value, whose parts are put
 * together. Where they do not agree it is another value by now, and nothing of the old one stays: an instruction of yesterday does not
 * belong under the headline of today.
 */
export const value: TypePolicy = {
  merge: (existing, incoming, { mergeObjects }) =>
    agree(existing, incoming) ? mergeObjects(existing, incoming) : incoming,
};

/** A list of such values. */
export const values: FieldPolicy<readonly object[] | null> = {
  merge: (existing, incoming, { mergeObjects }) =>
    existing && incoming && agree(existing, incoming)
      ? incoming.map((one, index) => mergeObjects({ ...existing[index] }, one))
      : incoming,
};

/** The answers for several places, whose lists are read one by one. */
export const answers: FieldPolicy<readonly object[] | null> = {
  merge: (existing, incoming, { mergeObjects }) =>
    existing && incoming?.length === existing.length
      ? incoming.map((one, index) => mergeObjects({ ...existing[index] }, one))
      : incoming,
};

/** Whether two values say the same wherever both say something. */
function agree(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => agree(item, other[index]));
  if (!isObject(one) || !isObject(other)) return one === other;
  return Object.entries(one).every(([key, part]) => !(key in other) || agree(part, other[key]));
}

const isObject = (one: unknown): one is Record<string, unknown> => typeof one === 'object' && one !== null;
