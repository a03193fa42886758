import { expect, it } from 'vitest';
import { retryAfter } from '../../../src/dates/retry-after.ts';

const NOW = new Date('2026-11-27T10:00:00Z');

it.each([
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Fri, 27 Nov 2026 10:00:30 GMT', 30_000],
  ['Fri, 27 Nov 2026 09:00:00 GMT', 0],
  ['soon', null],
  ['-5', null],
  ['1.5', null],
  [null, null],
])('a server that says Retry-After: %s is left alone for %s ms', (header, wait) => {
  expect(retryAfter(header, NOW)).toBe(wait);
});
