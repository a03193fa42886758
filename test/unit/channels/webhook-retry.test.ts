import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WAITS_S, waitAfter } from '../../../src/channels/webhooks/delivery/retry.rules.ts';
import { retryAfter } from '../../../src/dates/retry-after.ts';
import { budget } from '../../support/budget.ts';

const HOUR = 3600_000;
const now = new Date('2016-06-02T12:00:00Z');

it('waits 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, and then no more', () => {
  const minutes = WAITS_S.map((_, index) => (waitAfter(index + 1, null, 0) ?? 0) / 60_000);
  expect(minutes).toEqual([5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]);
  expect(waitAfter(10, null, 0)).toBeNull();
});

it('never waits less than the schedule or than was asked, nor a tenth more than the longer of them', () => {
  const attempts = fc.integer({ min: 1, max: WAITS_S.length });
  const asked = fc.option(fc.integer({ min: 0, max: 100 * HOUR }));
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(attempts, asked, random, (attempt, wanted, chance) => {
      const scheduled = (WAITS_S[attempt - 1] ?? 0) * 1000;
      const heard = Math.min(wanted ?? 0, 24 * HOUR);
      const wait = waitAfter(attempt, wanted, chance) ?? -1;
      return wait >= Math.max(scheduled, heard) && wait <= Math.max(scheduled * 1.1 + 1, heard);
    }),
    budget(500),
  );
});

it.each([
  ['120', 120_000],
  ['0', 0],
  ['Thu, 02 Jun 2016 13:00:00 GMT', HOUR],
  ['Thu, 02 Jun 2016 11:00:00 GMT', 0],
  ['soon', null],
  ['-5', null],
  ['1.5', null],
  ['2016', 2016_000],
  ['', null],
  [null, null],
])('reads Retry-After: %s', (header, expected) => {
  expect(retryAfter(header, now)).toBe(expected);
});
