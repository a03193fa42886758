import { describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { SecondLook } from '../../../src/editorial/timekeeping/timekeeping.commands.ts';
import { DatabaseClock } from '../../../src/timekeeping/database-clock.ts';

const NOON = Date.parse('2026-07-23T12:00:00Z');
const at = (seconds: number) => new Date(NOON + seconds * 1000);

/** A clock of PostgreSQL's time, the clock of its machine, and what counts the process's own milliseconds. */
function clocks() {
  const own = { now: 5_000 };
  const machine = new SetClock(at(0));
  const clock = new DatabaseClock(machine, () => own.now);
  const pass = (seconds: number) => {
    own.now += seconds * 1000;
    machine.set(new Date(machine.now().getTime() + seconds * 1000));
  };
  return { clock, machine, pass };
}

describe('the time of a hub', () => {
  it('is that of its machine until PostgreSQL has answered', () => {
    const { clock, machine } = clocks();
    expect(clock.now()).toEqual(machine.now());
    expect([clock.distanceMs, clock.isFit, clock.fault]).toEqual([Number.NaN, true, undefined]);
  });

  it('is that of PostgreSQL from then on, half of the way of the answer later', () => {
    const { clock, pass } = clocks();
    clock.hear(at(60), 200);
    expect(clock.now()).toEqual(at(60.1));
    pass(7);
    expect(clock.now()).toEqual(at(67.1));
  });

  it.each([600, -600, 7_776_000])('does not follow the clock of the machine when that leaps by %s s', (leap) => {
    const { clock, machine, pass } = clocks();
    clock.hear(at(0), 0);
    pass(1);
    machine.set(at(1 + leap));
    expect(clock.now()).toEqual(at(1));
    machine.set(at(1));
    expect([clock.isFit, clock.fault]).toEqual([true, undefined]);
  });

  it.each([
    [1.9, true, undefined],
    [-1.9, true, undefined],
    [2.1, false, undefined],
    [-29, false, undefined],
    [31, false, 'the clock of this machine is 31 s ahead of that of PostgreSQL'],
    [-600, false, 'the clock of this machine is 600 s behind that of PostgreSQL'],
  ])('%s s away from the clock of its machine: keeps time %s, is not ready because %s', (off, isFit, fault) => {
    const { clock, machine } = clocks();
    clock.hear(at(0), 0);
    machine.set(at(off));
    expect([clock.isFit, clock.fault]).toEqual([isFit, fault]);
  });

  it('gives the machine the benefit of a slow answer', () => {
    const { clock, machine } = clocks();
    clock.hear(at(0), 3_000);
    machine.set(at(4.5));
    expect([clock.distanceMs, clock.isFit]).toEqual([3_000, true]);
  });

  it('rests on the quickest answer of ten seconds', () => {
    const { clock, pass } = clocks();
    clock.hear(at(0), 20);
    pass(1);
    clock.hear(at(0.9), 500);
    expect(clock.now()).toEqual(at(1.01));
    pass(10);
    clock.hear(at(10.9), 500);
    expect(clock.now()).toEqual(at(11.15));
  });

  it('follows PostgreSQL at once when that was set to another time', () => {
    const { clock, pass } = clocks();
    clock.hear(at(0), 20);
    pass(1);
    clock.hear(at(61), 500);
    expect(clock.now()).toEqual(at(61.25));
  });
});

it('an end is announced at the second look that finds it due, a start and a publication at the first', () => {
  const looks = new SecondLook();
  const ended = { what: 'ENDED', id: 'one' } as const;
  const others = [
    { what: 'STARTED', id: 'two' },
    { what: 'SCHEDULED', id: 'three' },
  ] as const;
  expect(looks.confirmed([ended, ...others])).toEqual(others);
  expect(looks.confirmed([ended])).toEqual([ended]);
  expect(looks.confirmed([])).toEqual([]);
  expect(looks.confirmed([ended])).toEqual([]);
});
