import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { UnsentAnswers } from '../../../src/allowance/unsent-answers.ts';

const MEGABYTE = 1_000_000;

describe('answers that wait to be read', () => {
  it('keep their connection from more beyond 4 MB, and no other one, until they are read', () => {
    const unsent = new UnsentAnswers();
    const [slow, other] = [new Socket(), new Socket()];
    const sent = [1, 2, 3, 4, 5].map(() => {
      unsent.admit(slow);
      return unsent.add(slow, MEGABYTE);
    });
    expect(() => unsent.admit(slow)).toThrow('5000000 bytes of answers wait for you to read them');
    unsent.admit(other);
    sent[0]?.();
    // Said twice, it counts once.
    sent[0]?.();
    expect(unsent.total).toBe(4 * MEGABYTE);
    unsent.admit(slow);
    for (const one of sent) one();
    expect(unsent.total).toBe(0);
  });

  it('count for their connection while they are being made: many requests may come in at once', () => {
    const unsent = new UnsentAnswers();
    const socket = new Socket();
    const made = Array.from({ length: 11 }, () => unsent.begin(socket));
    expect(() => unsent.begin(socket)).toThrow('4400000 bytes');
    made[0]?.();
    unsent.begin(socket);
    expect(unsent.total).toBe(0);
  });

  it('beyond the most of all cost the connection that has waited for longest', () => {
    const unsent = new UnsentAnswers(3 * MEGABYTE);
    const [read, first, second, third] = [new Socket(), new Socket(), new Socket(), new Socket()];
    unsent.add(read, MEGABYTE)();
    const late = unsent.add(first, MEGABYTE);
    unsent.add(second, MEGABYTE);
    unsent.add(read, MEGABYTE);
    unsent.add(third, MEGABYTE);
    expect([first, second, read, third].map(({ destroyed }) => destroyed)).toEqual([true, false, false, false]);
    expect(unsent.total).toBe(3 * MEGABYTE);
    late();
    expect(unsent.total).toBe(3 * MEGABYTE);
  });
});
