import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ID_PART, Keyset, MILLISECONDS_PART } from '../../../src/paging/keyset.rules.ts';
import { demandFirst, pageFrom } from '../../../src/paging/page.rules.ts';

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
        facts: {
          fields: [{ path: 'after', message: 'must be the endCursor of an earlier page, or the cursor of an edge' }],
        },
      }),
    );
  });

  it('has no key where no cursor is given', () => {
    expect([keys.keyOf(null), keys.keyOf(undefined)]).toEqual([null, null]);
  });
});

describe('a page of a list in memory', () => {
  const page = (from: number, first: number) =>
    pageFrom(
      [3, 2, 1],
      from,
      first,
      (row) => `node ${row}`,
      (row) => `cursor ${row}`,
    );
  const around = ({ pageInfo }: ReturnType<typeof page>) => [
    pageInfo.hasPreviousPage(),
    pageInfo.hasNextPage,
    pageInfo.startCursor(),
    pageInfo.endCursor(),
  ];

  it('holds each item once in nodes and once in edges, with its cursor', () => {
    expect(page(1, 2).nodes).toEqual(['node 2', 'node 1']);
    expect(page(1, 2).edges()).toEqual([
      { cursor: 'cursor 2', node: 'node 2' },
      { cursor: 'cursor 1', node: 'node 1' },
    ]);
    expect(page(1, 2).totalCount()).toBe(3);
  });

  it.each([
    ['at the beginning', 0, 2, [false, true, 'cursor 3', 'cursor 2']],
    ['in the middle', 1, 1, [true, true, 'cursor 2', 'cursor 2']],
    ['at the end', 1, 5, [true, false, 'cursor 2', 'cursor 1']],
    ['behind the last item', -1, 5, [true, false, null, null]],
  ])('knows what lies on either side of it, %s', (_where, from, first, told) => {
    expect(around(page(from, first))).toEqual(told);
  });

  it('of nothing has nothing on either side', () => {
    const empty = pageFrom([], 0, 5, String, String);
    expect([empty.nodes, empty.edges(), empty.totalCount()]).toEqual([[], [], 0]);
    expect([empty.pageInfo.hasNextPage, empty.pageInfo.hasPreviousPage()]).toEqual([false, false]);
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
