import { expect, it } from 'vitest';
import { stagger } from '../../../src/live/following/stagger.ts';

it.each([
  [0, 1_000],
  [1, 60_000],
  [7, 100],
  [1_000, 200],
  [30, 0],
])('ends each of %i connections once, within a window of %i ms', async (count, windowMs) => {
  const ended: number[] = [];
  await stagger(
    Array.from({ length: count }, (_, at) => at),
    windowMs,
    (one) => ended.push(one),
  );
  expect(ended).toEqual(Array.from({ length: count }, (_, at) => at));
});

it('does not end all of many in one moment (D-10)', async () => {
  const ended: number[] = [];
  const done = stagger([...Array(500).keys()], 200, (one) => ended.push(one));
  expect(ended).toHaveLength(125);
  await done;
  expect(ended).toHaveLength(500);
});
