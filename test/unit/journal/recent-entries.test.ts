import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/journal/entry.ts';
import { RecentEntries } from '../../../src/journal/recent-entries.ts';
import { weightOf } from '../../../src/journal/weight.rules.ts';

const entry = (position: number, text = ''): Entry<{ text: string }> => ({
  id: String(position),
  position,
  subject: 'subject',
  type: 'UPDATED',
  at: '2016-06-02T08:00:00+02:00',
  atMs: Date.parse('2016-06-02T06:00:00Z'),
  changedFields: [],
  ring: false,
  onlyWider: false,
  document: { text },
  before: null,
  superseded: false,
});

const filled = (limits: { entries: number; bytes: number }, count: number, text = '') => {
  const recent = new RecentEntries<{ text: string }>(limits);
  for (let position = 1; position <= count; position++) recent.push(entry(position, text));
  return recent;
};
const positions = (recent: RecentEntries<unknown>, after: number) =>
  recent.after(after, 100_000)?.map(({ position }) => position);
const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the newest entries in memory', () => {
  it.each([1, 99, 100, 101, 2_345])('are those asked for, bounded by their number, after %i', (count) => {
    const recent = filled({ entries: 100, bytes: 1e9 }, count);
    const first = Math.max(1, count - 99);
    expect(positions(recent, first - 1)).toEqual(numbers(first, count));
    expect(positions(recent, first - 2)).toBeUndefined();
    expect(positions(recent, count)).toEqual([]);
    expect(recent.after(first - 1, 1)?.length).toBe(1);
  });

  it('are bounded by what they weigh as well', () => {
    const large = 'x'.repeat(50_000);
    const one = weightOf(entry(1, large));
    const recent = filled({ entries: 10_000, bytes: 10.5 * one }, 3_000, large);
    expect(positions(recent, 2_990)).toEqual(numbers(2_991, 3_000));
    expect(positions(recent, 2_989)).toBeUndefined();
    expect(recent.bytes).toBeLessThanOrEqual(10.5 * one);
  });

  it('are none where one alone is too large, and go on with the next', () => {
    const recent = filled({ entries: 10, bytes: 2_000 }, 3);
    recent.push(entry(4, 'x'.repeat(5_000)));
    expect(positions(recent, 3)).toBeUndefined();
    expect(recent.bytes).toBe(0);
    recent.push(entry(5));
    expect(positions(recent, 4)).toEqual([5]);
  });

  it('refuse a hole', () => {
    const recent = filled({ entries: 10, bytes: 1e6 }, 3);
    expect(() => recent.push(entry(5))).toThrow('hole');
  });
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What the heap holds, without garbage. */
const held = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

describe('the weight of a value', () => {
  it('is about what V8 takes, and rather more than less', () => {
    const document = () => ({
      text: { headline: `L’Yvette ${Math.random()}`, description: 'x’'.repeat(1_000) + Math.random() },
      communes: Array.from({ length: 50 }, () => String(Math.random())),
      area: Array.from({ length: 200 }, () => [Math.random(), Math.random()]),
    });
    const before = held();
    const kept = Array.from({ length: 2_000 }, () => JSON.parse(JSON.stringify(document())));
    const taken = held() - before;
    const weight = weightOf(kept);
    expect(weight).toBeGreaterThan(20e6);
    expect(weight / taken).toBeGreaterThan(0.9);
    expect(weight / taken).toBeLessThan(1.5);
  });
});
