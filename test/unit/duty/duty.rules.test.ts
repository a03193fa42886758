import { describe, expect, it } from 'vitest';
import { endOfRelief, type ShiftState, type ShiftTimes, shiftState, timeFaults } from '../../../src/duty/duty.rules.ts';

const at = (text: string) => new Date(text);
const SHIFT: ShiftTimes = {
  startsAt: at('2026-06-01T08:00:00+02:00'),
  endsAt: at('2026-06-01T20:00:00+02:00'),
  handedTo: null,
  endedAt: null,
};
const TAKEN = { handedTo: 'b', endedAt: at('2026-06-01T21:10:00+02:00') };

describe('the state of a shift', () => {
  it.each<[string, Partial<ShiftTimes>, string, ShiftState]>([
    ['before it begins', {}, '07:59:59', 'PLANNED'],
    ['from its beginning on', {}, '08:00:00', 'ON_DUTY'],
    ['until its end', {}, '19:59:59', 'ON_DUTY'],
    ['at its end', {}, '20:00:00', 'DONE'],
    ['once it is handed over', { handedTo: 'b' }, '19:00:00', 'HANDING_OVER'],
    ['handed over, and past its end (I-39)', { handedTo: 'b' }, '23:00:00', 'HANDING_OVER'],
    ['once it is taken over', TAKEN, '21:10:00', 'DONE'],
  ])('%s', (_when, change, time, state) => {
    const now = at(`2026-06-01T${time}+02:00`);
    expect(shiftState({ ...SHIFT, ...change }, true, now)).toBe(state);
    expect(shiftState({ ...SHIFT, ...change }, false, now)).toBe('DONE');
  });

  it.each([
    ['spring', '2027-03-27T20:00:00+01:00', '2027-03-28T08:00:00+02:00', 11],
    ['autumn', '2027-10-30T20:00:00+02:00', '2027-10-31T08:00:00+01:00', 13],
  ])('goes by the hours that there are in the night of %s', (_season, from, to, hours) => {
    const night = { ...SHIFT, startsAt: at(from), endsAt: at(to) };
    const later = (minutes: number) => new Date(night.startsAt.getTime() + minutes * 60_000);
    expect(shiftState(night, true, later(hours * 60 - 1))).toBe('ON_DUTY');
    expect(shiftState(night, true, later(hours * 60))).toBe('DONE');
  });
});

describe('the times of a shift', () => {
  const now = at('2026-06-01T12:00:00+02:00');
  it.each([
    ['2026-06-01T08:00:00+02:00', '2026-06-01T20:00:00+02:00', []],
    ['2026-06-02T08:00:00+02:00', '2026-06-02T08:00:00+02:00', ['to']],
    ['2026-06-02T08:00:00+02:00', '2026-06-02T07:00:00+02:00', ['to']],
    ['2026-06-01T08:00:00+02:00', '2026-06-01T12:00:00+02:00', ['to']],
    ['2026-06-02T08:00:00+02:00', '2026-06-09T10:00:00+02:00', ['to']],
    ['2026-05-31T11:59:00+02:00', '2026-06-01T20:00:00+02:00', ['from']],
    // A week of standby in which the clocks go back.
    ['2027-10-25T08:00:00+02:00', '2027-11-01T08:00:00+01:00', []],
  ])('from %s to %s: %j', (from, to, paths) => {
    const times = { startsAt: at(from), endsAt: at(to) };
    expect(timeFaults(times, now, false).map(({ path }) => path)).toEqual(paths);
  });

  it('may be changed of a shift that began days ago', () => {
    const times = { startsAt: at('2026-05-29T08:00:00+02:00'), endsAt: at('2026-06-03T08:00:00+02:00') };
    expect(timeFaults(times, now, true)).toEqual([]);
  });

  it('are, for somebody who takes over, until the end planned, or as long again where that has passed', () => {
    expect(endOfRelief(SHIFT, at('2026-06-01T19:00:00+02:00'))).toEqual(SHIFT.endsAt);
    expect(endOfRelief(SHIFT, at('2026-06-01T21:00:00+02:00'))).toEqual(at('2026-06-02T09:00:00+02:00'));
    const week = { startsAt: at('2026-05-25T08:00:00+02:00'), endsAt: SHIFT.startsAt };
    expect(endOfRelief(week, SHIFT.startsAt)).toEqual(at('2026-06-01T20:00:00+02:00'));
  });
});
