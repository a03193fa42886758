import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAULTS, type FaultFound, type FollowerLog, type History, isSound, judge } from './checker.ts';
import { demandSharpEyes, soundHistory } from './planted.ts';

const [first, ...others] = soundHistory().followers as [FollowerLog, ...FollowerLog[]];

/** The faults that are found, each with how often. */
const found = (more: Partial<History>): Partial<Record<FaultFound, number>> => {
  const verdict = judge({ ...soundHistory(), ...more });
  return Object.fromEntries(Object.entries(verdict.found).filter(([, count]) => count > 0));
};
const heardAs = (change: (heard: FollowerLog['heard']) => FollowerLog['heard']) =>
  found({ followers: [{ ...first, heard: change(first.heard) }, ...others] });

describe('the checker of fault runs', () => {
  it('finds nothing in a history in which all is well, and counts every delivery', () => {
    const verdict = judge(soundHistory(50, 4));
    expect(isSound(verdict)).toBe(true);
    expect(verdict).toMatchObject({ deliveries: 200, words: [] });
    expect(Object.keys(verdict.found)).toEqual([...FAULTS]);
  });

  it('finds a loss, at the end too, a double and a swap, as often as there are', () => {
    expect(heardAs((heard) => heard.toSpliced(3, 2))).toEqual({ lost: 2 });
    expect(heardAs((heard) => heard.slice(0, -1))).toEqual({ lost: 1 });
    expect(heardAs(() => [])).toEqual({ lost: 12 });
    expect(heardAs((heard) => heard.toSpliced(3, 0, heard[2]!, heard[1]!))).toEqual({ doubled: 2 });
    expect(heardAs((heard) => heard.toSpliced(3, 2, heard[4]!, heard[3]!))).toEqual({ reordered: 1 });
  });

  it('finds what nobody committed, and one follower who is told things in another order than the others', () => {
    expect(heardAs((heard) => [...heard, { position: 13, told: 'rolled back', at: 0 }])).toEqual({
      'never committed': 1,
    });
    const swapped = (heard: FollowerLog['heard']) =>
      heard.toSpliced(3, 2, { ...heard[3]!, told: heard[4]!.told }, { ...heard[4]!, told: heard[3]!.told });
    expect(heardAs(swapped)).toEqual({ 'told otherwise': 2 });
  });

  it('finds a mutation that was answered and is gone, or was done twice, or refused and done', () => {
    const { journal, acknowledged } = soundHistory();
    const lacking = journal.map((entry, index) => (index === 5 ? { ...entry, mark: 'of another' } : entry));
    expect(found({ journal: lacking })).toEqual({ 'acknowledged and gone': 1 });
    const again = journal.map((entry, index) => (index === 5 ? { ...entry, mark: 'mark 4' } : entry));
    expect(found({ journal: again })).toEqual({ 'acknowledged and gone': 1, 'done twice': 1 });
    expect(found({ refused: ['mark 3'], acknowledged: acknowledged.toSpliced(3, 1) })).toEqual({
      'refused and done': 1,
    });
  });

  it('finds a mutation that stands before another that was answered before it began', () => {
    const { acknowledged } = soundHistory();
    const late = acknowledged.with(2, { mark: 'mark 2', begun: 20_000, ended: 20_010 });
    expect(found({ acknowledged: late })).toEqual({ 'before one that was done': 1 });
    const together = acknowledged.map(({ mark }) => ({ mark, begun: 0, ended: 20_000 }));
    expect(found({ acknowledged: together.toReversed() })).toEqual({});
  });

  it('lets followers start over where a restore was declared, once for each, and not before it', () => {
    const over = { ...first, heard: first.heard.toSpliced(4, 3), startedOver: [{ after: 4, to: 7 }] };
    const followers = [over, ...others];
    expect(found({ followers, restores: [6] })).toEqual({});
    expect(found({ followers, restores: [8] })).toEqual({ 'started over for nothing': 1 });
    expect(found({ followers })).toEqual({ 'started over for nothing': 1 });
    const short = { ...over, heard: first.heard.toSpliced(4, 4) };
    expect(found({ followers: [short, ...others], restores: [6] })).toEqual({ lost: 1 });
  });

  it('finds what starts, ends or is published before its time, twice or never', () => {
    const { journal } = soundHistory(3, 1);
    const types = ['PUBLISHED', 'STARTED', 'ENDED'];
    const story = journal.map((entry, index) => ({ ...entry, subject: 'alert', type: types[index] ?? '' }));
    const of = (times: object, more: Partial<History> = {}) =>
      found({ ...soundHistory(3, 1), journal: story, appointments: [{ subject: 'alert', ...times }], ...more });
    expect(of({ publishesAt: 1_000, startsAt: 2_000, endsAt: 3_000 })).toEqual({});
    expect(of({ publishesAt: 1_001 })).toEqual({ 'by a wrong clock': 1 });
    expect(of({ startsAt: 2_001 })).toEqual({ 'by a wrong clock': 1 });
    expect(of({ endsAt: 3_001 })).toEqual({ 'by a wrong clock': 1 });
    const twice = story.with(1, { ...story[1]!, type: 'ENDED' });
    expect(of({ endsAt: 2_000 }, { journal: twice })).toEqual({ 'done twice': 1 });
    const never = story.with(2, { ...story[2]!, type: 'VERIFIED' });
    expect(of({ endsAt: 3_000 }, { journal: never })).toEqual({ 'never due': 1 });
    expect(of({ endsAt: 3_000 }, { journal: never, isOver: false })).toEqual({});
  });

  it('finds a gap in the journal', () => {
    const { journal, acknowledged } = soundHistory();
    const found5 = found({ journal: journal.toSpliced(5, 1), acknowledged: acknowledged.toSpliced(5, 1) });
    expect(found5['gap in the journal']).toBe(6);
  });

  it('is tried with planted faults, and one that finds none of them is told so', () => {
    expect(() => demandSharpEyes(soundHistory())).not.toThrow();
    expect(() => demandSharpEyes({ ...soundHistory(), followers: [] })).toThrow('too little happened');
  });

  it('imports nothing', () => {
    expect(readFileSync(path.join(import.meta.dirname, 'checker.ts'), 'utf8')).not.toMatch(/^import|\bimport\(/m);
  });
});
