import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parisTime } from '../../src/clock.ts';

const intl = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'longOffset',
  hourCycle: 'h23',
});

/** The same, asked of Intl for each moment. */
function byTheBook(at: Date): string {
  const parts = Object.fromEntries(intl.formatToParts(at).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second, timeZoneName = '' } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${timeZoneName.slice(3) || '+00:00'}`;
}

describe('the time in Paris', () => {
  it('is what Intl says, at any moment', () => {
    const anyMoment = fc.date({ min: new Date(0), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(anyMoment, (at) => {
        expect(parisTime(at)).toBe(byTheBook(at));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is what Intl says around every change of the clocks', () => {
    for (let year = 1970; year < 2040; year += 1)
      for (const month of [2, 3, 8, 9])
        for (let hour = 0; hour < 31 * 24; hour += 1) {
          const at = new Date(Date.UTC(year, month, 1, hour) - 1);
          if (at.getUTCDate() > 20) expect(parisTime(at)).toBe(byTheBook(at));
        }
  });

  it('has no words for a moment that is none', () => {
    expect(() => parisTime(new Date('yesterday'))).toThrow(RangeError);
  });
});
