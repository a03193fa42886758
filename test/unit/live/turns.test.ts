import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/live/following/turns.ts';

const busy = (ms: number) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

describe('works that wait in line', () => {
  it('go on side by side, each a step at a time', async () => {
    const steps: string[] = [];
    const left = new Map([
      ['a', 3],
      ['b', 2],
      ['c', 3],
    ]);
    const turns = new Turns<string>((one) => {
      steps.push(one);
      left.set(one, (left.get(one) ?? 0) - 1);
      if (left.get(one)) turns.add(one);
    });
    for (const one of left.keys()) turns.add(one);
    expect(steps).toEqual([]);
    await expect.poll(() => steps.join('')).toBe('abcabcac');
  });

  it('let everything else go on after a few milliseconds, however many they are', async () => {
    let done = 0;
    const turns = new Turns<number>(() => {
      busy(1);
      done += 1;
    });
    for (let one = 0; one < 200; one++) turns.add(one);
    let looked = 0;
    while (done < 200) {
      await new Promise((resolve) => setImmediate(resolve));
      looked += 1;
    }
    expect(looked).toBeGreaterThan(20);
  });

  it('are forgotten when they are taken out', async () => {
    const seen: string[] = [];
    const turns = new Turns<string>((one) => seen.push(one));
    turns.add('a');
    turns.add('b');
    turns.delete('a');
    await expect.poll(() => seen).toEqual(['b']);
  });
});
