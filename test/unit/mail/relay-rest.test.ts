import { expect, it } from 'vitest';
import { RelayRest } from '../../../src/mail/relay-rest.ts';

it('a relay that takes nothing is left alone, then tried by one letter, ever more rarely, until it answers', () => {
  let now = 1_000;
  const rest = new RelayRest(() => now);
  expect([rest.roomOf(4), rest.isResting]).toEqual([4, false]);
  // Four letters were under way together.
  expect([1, 2, 3, 4].map(() => rest.failed())).toEqual([5_000, 5_000, 5_000, 5_000]);
  expect([rest.roomOf(4), rest.isResting]).toEqual([0, true]);
  const rests: number[] = [];
  for (let tries = 0; tries < 8; tries += 1) {
    now += rest.failed();
    expect(rest.roomOf(4)).toBe(1);
    rests.push(rest.failed());
  }
  expect(rests).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  rest.answered();
  expect([rest.roomOf(4), rest.isResting]).toEqual([4, false]);
  expect(rest.failed()).toBe(5_000);
});
