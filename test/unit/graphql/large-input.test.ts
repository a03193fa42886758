import { describe, expect, it } from 'vitest';
import { longListIn } from '../../../src/graphql/cost/long-lists.rules.ts';
import { demandShallow, isDeep } from '../../../src/graphql/cost/nesting.rules.ts';
import { LIMITS } from '../../../src/graphql/limits.ts';

const nested = (levels: number, [open, close]: readonly [string, string]) =>
  `${open.repeat(levels)}${close.repeat(levels)}`;
const LISTS = ['[', ']'] as const;
const OBJECTS = ['{"a":', '}'] as const;

describe('JSON', () => {
  it.each([LISTS, OBJECTS])('may nest as deep as the limit, and no deeper: %s', (...brackets) => {
    expect(isDeep(nested(5, brackets), 5)).toBe(false);
    expect(isDeep(nested(6, brackets), 5)).toBe(true);
  });

  it('counts what is open at a time, and not how much there is', () => {
    expect(isDeep(`[${'[],{},'.repeat(1_000)}[]]`, 2)).toBe(false);
    expect(isDeep(`[${'[],{},'.repeat(1_000)}[[]]]`, 2)).toBe(true);
  });

  it.each([
    ['brackets', '[[[[[['],
    ['an escaped quote before brackets', '\\"[[[[[['],
    ['an escaped backslash at its end', '[[[[[[\\\\'],
    ['many backslashes', `${'\\'.repeat(1_000)}[[[[[[`],
  ])('does not count what stands in texts: %s', (_what, text) => {
    expect(isDeep(`{"a":"${text}","b":[1]}`, 2)).toBe(false);
    expect(isDeep(`{"a":"${text}","b":[[1]]}`, 2)).toBe(true);
  });

  it.each(['', '"', '{"a":"', '"\\', ']]]]', '[1,'])('that is none is left to the parser: %j', (json) => {
    expect(isDeep(json, 2)).toBe(false);
  });

  it('is read through quickly whatever it holds, in proportion to its length', () => {
    // A text of escaped quotes, which must not be searched from the beginning for each of them.
    expect(isDeep(`{"a":"${'\\"'.repeat(120_000)}"}`, 1)).toBe(false);
  });

  it('that nests too deep is refused with the limit', () => {
    expect(() => demandShallow(nested(LIMITS.nesting, LISTS))).not.toThrow();
    expect(() => demandShallow(nested(60_000, LISTS))).toThrow(
      expect.objectContaining({
        code: 'BAD_REQUEST',
        facts: { limit: { name: 'nesting', weight: LIMITS.nesting + 1, most: LIMITS.nesting } },
      }),
    );
  });
});

describe('a list in the variables', () => {
  const list = (length: number) => Array.from({ length }, (_, at) => `${at}`);

  it('may be as long as the limit, and no longer; the fault names it', () => {
    expect(longListIn({ where: { communes: list(LIMITS.items) } })).toBeUndefined();
    expect(longListIn({ input: [{ communes: list(LIMITS.items + 1) }] })).toEqual({
      path: 'variables.input.0.communes',
      message: `must hold at most ${LIMITS.items} items, not ${LIMITS.items + 1}`,
    });
  });

  it('may hold as many coordinates as the shape that they are of', () => {
    const line = Array.from({ length: 5_000 }, () => [2.3, 48.6]);
    expect(longListIn({ input: { path: { type: 'LineString', coordinates: line } } })).toBeUndefined();
  });

  it.each([undefined, null, {}, { a: null, b: 1, c: 'x', d: [] }])(
    'is not missed where there is none: %j',
    (variables) => {
      expect(longListIn(variables)).toBeUndefined();
    },
  );
});
