import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Board } from '../../../src/board/board.ts';
import { parisTime, SetClock } from '../../../src/clock.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';

const START = Date.parse('2026-10-24T20:00:00Z');
const at = (minutes: number | null) => (minutes === null ? null : parisTime(new Date(START + minutes * 60_000)));

/** An entry whose document has the windows that a test is about. */
function entry(position: number, turns: (number | null)[]): Entry<PublicDocument> {
  const [startsAt, endsAt, allClear, cancelled] = turns.map((turn) => at(turn ?? null));
  const document = {
    id: `thread-${position}`,
    kind: 'EVENT',
    mode: 'ACTUAL',
    publishedAt: at(-600),
    revisedAt: at(-600),
    communes: [],
    incident: null,
    startsAt,
    endsAt,
    allClear: allClear ? { at: allClear, texts: [] } : null,
    cancelled: cancelled ? { at: cancelled, reason: 'x' } : null,
  } as unknown as PublicDocument;
  return {
    id: `e${position}`,
    position,
    subject: document.id,
    type: 'PUBLISHED',
    at: at(-600) ?? '',
    atMs: START - 600 * 60_000,
    changedFields: [],
    ring: true,
    onlyWider: false,
    document,
    before: null,
    superseded: false,
  };
}

describe('the board', () => {
  it('has a new version with every entry, and none for one that it has passed', () => {
    const board = new Board(new SetClock(new Date(START)));
    board.apply(entry(2, []));
    const { version } = board;
    board.apply(entry(2, []));
    expect(board.version).toBe(version);
    board.apply(entry(3, []));
    expect(board.version).toBeGreaterThan(version);
  });

  it('answers the same until its horizon, and something else at it, whatever the windows and however the clock goes', () => {
    const turn = fc.option(fc.integer({ min: -300, max: 300 }));
    const windows = fc.array(fc.tuple(turn, turn, turn, turn), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(windows, fc.array(fc.integer({ min: -300, max: 300 }), { maxLength: 6 }), (threads, moments) => {
        const clock = new SetClock(new Date(START));
        const board = new Board(clock);
        for (const [index, turns] of threads.entries()) board.apply(entry(index + 1, turns));
        const states = (when: number) => {
          clock.set(new Date(when));
          return [...board.all()].map(({ document }) => board.state(document)).join();
        };
        for (const moment of moments) {
          const now = START + moment * 60_000;
          const before = states(now);
          const horizon = board.horizon();
          expect(horizon).toBeGreaterThan(now);
          const latest = Math.min(horizon, now + 10 * 3600_000);
          for (const share of [0.3, 0.7, 1]) expect(states(now + (latest - now - 1) * share)).toBe(before);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('knows the very moment at which something starts', () => {
    const clock = new SetClock(new Date(START));
    const board = new Board(clock);
    board.apply(entry(1, [7, 90, null, null]));
    expect(board.horizon()).toBe(START + 7 * 60_000);
    clock.set(new Date(START + 8 * 60_000));
    expect(board.horizon()).toBe(START + 90 * 60_000);
    clock.set(new Date(START + 91 * 60_000));
    expect(board.horizon()).toBe(Number.POSITIVE_INFINITY);
    clock.set(new Date(START));
    expect(board.horizon()).toBe(START + 7 * 60_000);
  });

  it('works out a list anew once something of it changes or time goes by, and only then', () => {
    const clock = new SetClock(new Date(START));
    const board = new Board(clock);
    board.apply(entry(1, [7, 90, null, null]));
    let made = 0;
    const states = () =>
      board.derive('states', () => {
        made += 1;
        return [...board.all()].map(({ document }) => board.state(document));
      });
    expect([states(), states(), made]).toEqual([['UPCOMING'], ['UPCOMING'], 1]);
    clock.set(new Date(START + 8 * 60_000));
    expect([states(), states(), made]).toEqual([['IN_FORCE'], ['IN_FORCE'], 2]);
    board.apply(entry(2, [20, 90, null, null]));
    expect(states()).toEqual(['IN_FORCE', 'UPCOMING']);
    clock.set(new Date(START));
    expect(states()).toEqual(['UPCOMING', 'UPCOMING']);
    board.replace([]);
    expect([states(), made]).toEqual([[], 5]);
  });
});
