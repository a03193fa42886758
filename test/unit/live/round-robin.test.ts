import { describe, expect, it } from 'vitest';
import { RoundRobin } from '../../../src/live/following/round-robin.ts';

const busy = (ms: number) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

describe('jobs that wait in line', () => {
  it('go on side by side, each a step at a time', async () => {
    const steps: string[] = [];
    const left = new Map([
      ['a', 3],
      ['b', 2],
      ['c', 3],
    ]);
    const line = new RoundRobin<string>((one) => {
      steps.push(one);
      left.set(one, (left.get(one) ?? 0) - 1);
      if (left.get(one)) line.add(one);
    });
    for (const one of left.keys()) line.add(one);
    expect(steps).toEqual([]);
    await expect.poll(() => steps.join('')).toBe('abcabcac');
  });

  it('let everything else go on after a few milliseconds, however many they are', async () => {
    let done = 0;
    const line = new RoundRobin<number>(() => {
      busy(1);
      done += 1;
    });
    for (let one = 0; one < 200; one++) line.add(one);
    let looked = 0;
    while (done < 200) {
      await new Promise((resolve) => setImmediate(resolve));
      looked += 1;
    }
    expect(looked).toBeGreaterThan(20);
  });

  it('are forgotten when they are taken out', async () => {
    const seen: string[] = [];
    const line = new RoundRobin<string>((one) => seen.push(one));
    line.add('a');
    line.add('b');
    line.delete('a');
    await expect.poll(() => seen).toEqual(['b']);
  });

  it('rest for several times as long as they took, also where the only one comes back during the rest', async () => {
    const began: number[] = [];
    const ended: number[] = [];
    const line = new RoundRobin<string>(
      (one) => {
        began.push(performance.now());
        busy(10);
        ended.push(performance.now());
        if (began.length < 4) setImmediate(() => line.add(one));
      },
      { sliceMs: 2, restTimes: 4 },
    );
    line.add('a');
    await expect.poll(() => ended.length).toBe(4);
    // A timer may be early by a fraction of a millisecond.
    for (const [at, rested] of ended.slice(0, -1).entries()) expect((began[at + 1] ?? 0) - rested).toBeGreaterThan(35);
  });
});
