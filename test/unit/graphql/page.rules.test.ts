import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { demandFirst, ID_PART, Keyset, MILLISECONDS_PART } from '../../../src/graphql/page.rules.ts';

const ID = '0197f3c2-8b1e-7c44-9d6a-5e0f2b7a1c33';
const keys = new Keyset(z.tuple([z.int(), MILLISECONDS_PART, ID_PART]));
const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');

describe('a keyset', () => {
  it('reads the cursor that it wrote', () => {
    expect(keys.keyOf(keys.cursorOf([-1, 1_464_868_800_000, ID]))).toEqual([-1, 1_464_868_800_000, ID]);
  });

  it('writes cursors that stand in an address as they are', () => {
    expect(keys.cursorOf([3, 8.64e15, ID])).toMatch(/^[\w-]+$/);
  });

  it.each([
    ['nothing', ''],
    ['what is not base64url', '%%%'],
    ['what is not JSON', Buffer.from('3.5').toString('base64url').slice(0, 2)],
    ['another list’s cursor', cursor(['2016-06-02T10:00:00Z', ID])],
    ['a key with one part more', cursor([1, 2, ID, 3])],
    ['a moment that no Date holds', cursor([1, 9e15, ID])],
    ['a moment before 1970', cursor([1, -1, ID])],
    ['an id of the right length alone', cursor([1, 2, '-'.repeat(36)])],
    ['an object', cursor({ 0: 1, 1: 2, 2: ID })],
    ['null', cursor(null)],
  ])('refuses %s at `after`', (_what, text) => {
    expect(() => keys.keyOf(text)).toThrowError(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        facts: { fields: [{ path: 'after', message: 'must be the endCursor of an earlier page' }] },
      }),
    );
  });

  it('ends a page at the last row of it, and knows from one row more that the list goes on', () => {
    const rows = [3, 2, 1].map((at) => ({ at, id: ID }));
    const keyOf = ({ at, id }: { at: number; id: string }): [number, number, string] => [0, at, id];
    expect(keys.pageOf(rows, 2, keyOf)).toEqual({
      rows: rows.slice(0, 2),
      pageInfo: { hasNextPage: true, endCursor: keys.cursorOf([0, 2, ID]) },
    });
    expect(keys.pageOf(rows, 3, keyOf).pageInfo).toEqual({ hasNextPage: false, endCursor: keys.cursorOf([0, 1, ID]) });
    expect(keys.pageOf([], 3, keyOf)).toEqual({ rows: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });
});

describe('the size of a page', () => {
  it.each([1, 100])('may be %d', (first) => {
    expect(() => demandFirst(first)).not.toThrow();
  });

  it.each([0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('may not be %d', (first) => {
    expect(() => demandFirst(first)).toThrowError(
      expect.objectContaining({
        facts: { fields: [{ path: 'first', message: 'must lie between 1 and 100' }] },
      }),
    );
  });

  it('may be larger where a list allows it', () => {
    expect(() => demandFirst(200, 200)).not.toThrow();
    expect(() => demandFirst(201, 200)).toThrowError('first: must lie between 1 and 200');
  });
});
