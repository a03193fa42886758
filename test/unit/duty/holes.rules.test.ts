import { describe, expect, it } from 'vitest';
import { type Covering, rosterHoles, type Staffed } from '../../../src/duty/holes.rules.ts';

const NOW = new Date('2026-06-01T12:00:00+02:00');
const hours = (count: number, from = NOW) => new Date(from.getTime() + count * 3600_000);
const shift = (of: Partial<Covering> & { on: readonly [number, number] }, from = NOW): Covering => {
  const { on, ...rest } = of;
  return {
    incident: null,
    dutyFunction: 'VALIDATOR',
    account: 'a',
    startsAt: hours(on[0], from),
    endsAt: hours(on[1], from),
    handedTo: null,
    endedAt: null,
    ...rest,
  };
};
/** The standing roster is full: other tests look at incidents alone. */
const STANDING = (['VALIDATOR', 'DUTY_OFFICER'] as const).map((dutyFunction) => shift({ dutyFunction, on: [-5, 30] }));
const FLOOD: Staffed = { id: 'flood', level: 'FULL' };
const said = (shifts: readonly Covering[], incidents: readonly Staffed[] = [], now = NOW): string[] =>
  rosterHoles(shifts, incidents, now).map(({ reason, incident, dutyFunction, account, from, to }) =>
    [
      reason,
      incident ?? 'standing',
      dutyFunction,
      account ?? '–',
      ...[from, to].map((at) => (at.getTime() - now.getTime()) / 3600_000),
    ].join(' '),
  );

describe('the holes of a roster', () => {
  it('are all of the next 24 hours where it is empty', () => {
    expect(said([])).toEqual(['NOBODY standing VALIDATOR – 0 24', 'NOBODY standing DUTY_OFFICER – 0 24']);
    expect(said(STANDING)).toEqual([]);
  });

  it.each([
    ['STANDBY', []],
    ['REINFORCED', ['CHECKER']],
    ['PARTIAL', ['LEAD', 'LOG_KEEPER', 'CHECKER']],
    ['FULL', ['LEAD', 'LOG_KEEPER', 'CHECKER']],
  ] as const)(
    'are those of the functions that an incident needs at %s, beside the standing roster',
    (level, missing) => {
      expect(said(STANDING, [{ id: 'flood', level }])).toEqual(missing.map((one) => `NOBODY flood ${one} – 0 24`));
    },
  );

  it('lie between shifts, after the last and before the first, and never in the past', () => {
    const lead = (...on: [number, number]) => shift({ incident: 'flood', dutyFunction: 'LEAD', on });
    const of = (...shifts: Covering[]) => said([...STANDING, ...shifts], [FLOOD]).filter((one) => one.includes('LEAD'));
    expect(of(lead(-5, 3), lead(6, 10))).toEqual(['NOBODY flood LEAD – 3 6', 'NOBODY flood LEAD – 10 24']);
    expect(of(lead(2, 8), lead(8, 12), lead(7, 30)).slice(0, 1)).toEqual(['NOBODY flood LEAD – 0 2']);
    expect(of(lead(-20, -3))).toEqual(['NOBODY flood LEAD – 0 24']);
    expect(of(lead(25, 30))).toEqual(['NOBODY flood LEAD – 0 24']);
  });

  it('are no holes while somebody has handed over whom nobody relieved, and are from the relief on', () => {
    const lead = shift({ incident: 'flood', dutyFunction: 'LEAD', on: [-8, -1], handedTo: 'b' });
    const of = (one: Covering) => said([...STANDING, one], [FLOOD]).filter((line) => line.includes('LEAD'));
    expect(of(lead)).toEqual([]);
    expect(of({ ...lead, endedAt: hours(-0.5) })).toEqual(['NOBODY flood LEAD – 0 24']);
  });

  it('are not filled by the shifts of another incident', () => {
    const other = shift({ incident: 'storm', dutyFunction: 'LEAD', on: [-5, 7] });
    expect(said([...STANDING, other], [FLOOD])).toContain('NOBODY flood LEAD – 0 24');
  });
});

describe('a person who is on for too long', () => {
  const checker = (...on: [number, number]) => shift({ incident: 'flood', dutyFunction: 'CHECKER', account: 'c', on });
  const of = (...shifts: Covering[]) =>
    said([...STANDING, ...shifts], []).filter((line) => line.startsWith('TOO_LONG'));

  it('is told from the thirteenth hour in a row on, whatever the functions', () => {
    expect(of(checker(-2, 10))).toEqual([]);
    expect(of(checker(-2, 11))).toEqual(['TOO_LONG flood CHECKER c 10 11']);
    const lead = shift({ incident: 'storm', dutyFunction: 'LEAD', account: 'c', on: [8, 14] });
    expect(of(checker(-2, 8), lead)).toEqual(['TOO_LONG storm LEAD c 10 14']);
    expect(of(checker(-2, 7), lead)).toEqual([]);
  });

  it('is told of now and later alone, and not of what lies more than a day ahead', () => {
    expect(of(checker(-20, -1))).toEqual([]);
    expect(of(checker(-20, 1))).toEqual(['TOO_LONG flood CHECKER c 0 1']);
    expect(of(checker(11, 23.5))).toEqual(['TOO_LONG flood CHECKER c 23 23.5']);
    expect(of(checker(13, 26))).toEqual([]);
  });

  it('is not told of standby at home', () => {
    expect(of(shift({ on: [-5, 30], account: 'c' }))).toEqual([]);
  });

  it.each([
    ['spring', '2027-03-27T20:00:00+01:00', '2027-03-28T08:00:00+02:00', 0],
    ['autumn', '2027-10-30T20:00:00+02:00', '2027-10-31T08:00:00+01:00', 1],
  ])('has the hours that there are in the night of %s', (_season, from, to, told) => {
    const start = new Date(from);
    const night = { ...checker(0, 0), startsAt: start, endsAt: new Date(to) };
    const found = rosterHoles([night], [], start).filter(({ reason }) => reason === 'TOO_LONG');
    expect(found).toHaveLength(told);
    for (const hole of found) expect([hole.from, hole.to]).toEqual([hours(12, start), night.endsAt]);
  });
});
