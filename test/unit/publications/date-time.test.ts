import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDateTime, formatEnd } from '../../../src/publications/content/date-time.ts';

const spaced = (text: string) => text.replaceAll('\u00a0', ' ');

describe('a moment in French', () => {
  it.each([
    ['2026-11-26T14:10:00+01:00', 'jeudi 26 novembre à 14 h 10'],
    ['2026-11-26T14:00:00+01:00', 'jeudi 26 novembre à 14 h'],
    ['2026-11-26T09:05:00+01:00', 'jeudi 26 novembre à 9 h 05'],
    ['2026-11-26T12:00:00+01:00', 'jeudi 26 novembre à 12 h'],
    ['2026-11-26T23:59:00+01:00', 'jeudi 26 novembre à 23 h 59'],
    ['2026-11-27T00:00:00+01:00', 'vendredi 27 novembre à 0 h'],
    ['2026-11-27T00:01:00+01:00', 'vendredi 27 novembre à 0 h 01'],
    ['2026-11-26T23:00:00Z', 'vendredi 27 novembre à 0 h'],
    // The clocks change at 2 and at 3 in the morning.
    ['2026-03-29T00:00:00+01:00', 'dimanche 29 mars à 0 h'],
    ['2026-03-29T01:00:00Z', 'dimanche 29 mars à 3 h'],
    ['2026-10-25T02:30:00+02:00', 'dimanche 25 octobre à 2 h 30'],
    ['2026-10-25T02:30:00+01:00', 'dimanche 25 octobre à 2 h 30'],
  ])('%s: %s', (at, said) => expect(spaced(formatDateTime('long', 'fr', at))).toBe(said));

  it('is written in one way, with spaces that no line ends at, at whatever hour', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2199-01-01'), noInvalidDate: true }),
        (date) => {
          for (const form of ['full', 'long', 'dated', 'short'] as const) {
            const at = date.toISOString();
            expect(formatDateTime(form, 'fr', at)).toMatch(/ à (?:\d|1\d|2[0-3])\u00a0h(?:\u00a0(?!00)[0-5]\d)?$/);
            expect(formatEnd(form, 'fr', at)).toMatch(
              / à (?:minuit|(?!0\u00a0h$)\d{1,2}\u00a0h(?:\u00a0(?!00)[0-5]\d)?)$/,
            );
          }
        },
      ),
    );
  });
});

describe('the end of something', () => {
  it.each([
    ['2026-11-27T00:00:00+01:00', 'jeudi 26 novembre 2026 à minuit', 'Thursday 26 November 2026 at midnight'],
    ['2026-11-26T23:00:00Z', 'jeudi 26 novembre 2026 à minuit', 'Thursday 26 November 2026 at midnight'],
    ['2026-11-26T23:59:00+01:00', 'jeudi 26 novembre 2026 à 23 h 59', 'Thursday 26 November 2026 at 23:59'],
    ['2026-11-27T00:01:00+01:00', 'vendredi 27 novembre 2026 à 0 h 01', 'Friday 27 November 2026 at 00:01'],
    ['2026-11-26T12:00:00+01:00', 'jeudi 26 novembre 2026 à 12 h', 'Thursday 26 November 2026 at 12:00'],
    // Midnight of UTC is no midnight here.
    ['2026-11-27T00:00:00Z', 'vendredi 27 novembre 2026 à 1 h', 'Friday 27 November 2026 at 01:00'],
    ['2026-12-01T00:00:00+01:00', 'lundi 30 novembre 2026 à minuit', 'Monday 30 November 2026 at midnight'],
    ['2027-01-01T00:00:00+01:00', 'jeudi 31 décembre 2026 à minuit', 'Thursday 31 December 2026 at midnight'],
    ['2028-03-01T00:00:00+01:00', 'mardi 29 février 2028 à minuit', 'Tuesday 29 February 2028 at midnight'],
    // Before, in and after the nights in which the clocks change.
    ['2026-03-29T00:00:00+01:00', 'samedi 28 mars 2026 à minuit', 'Saturday 28 March 2026 at midnight'],
    ['2026-03-30T00:00:00+02:00', 'dimanche 29 mars 2026 à minuit', 'Sunday 29 March 2026 at midnight'],
    ['2026-10-25T00:00:00+02:00', 'samedi 24 octobre 2026 à minuit', 'Saturday 24 October 2026 at midnight'],
    ['2026-10-26T00:00:00+01:00', 'dimanche 25 octobre 2026 à minuit', 'Sunday 25 October 2026 at midnight'],
  ])('%s: %s; %s', (at, french, english) => {
    expect(spaced(formatEnd('full', 'fr', at))).toBe(french);
    expect(formatEnd('full', 'en', at).replace(',', '')).toBe(english);
  });

  it.each([
    ['long', 'jeudi 26 novembre à minuit', 'Thursday 26 November at midnight'],
    ['dated', '26 novembre 2026 à minuit', '26 November 2026 at midnight'],
    ['short', '26 nov. à minuit', '26 Nov, midnight'],
  ] as const)('has the day before in its %s form too', (form, french, english) => {
    expect(formatEnd(form, 'fr', '2026-11-27T00:00:00+01:00')).toBe(french);
    expect(formatEnd(form, 'en', '2026-11-27T00:00:00+01:00')).toBe(english);
  });
});
