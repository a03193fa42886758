import { expect, it } from 'vitest';
import { type FaultKind, inWords, KINDS, planOf } from './plan.ts';

const all = Object.keys(KINDS) as FaultKind[];

it('the same seed gives the same plan, and another seed another one', () => {
  const plan = planOf({ seed: 7, count: 60, hubs: 3 });
  expect(planOf({ seed: 7, count: 60, hubs: 3 })).toEqual(plan);
  expect(planOf({ seed: 8, count: 60, hubs: 3 })).not.toEqual(plan);
});

it('every kind comes once before any comes again; some faults overlap, and each keeps to its bounds', () => {
  const waves = planOf({ seed: 3, count: 2 * all.length, hubs: 3 });
  const faults = waves.flat();
  const kinds = faults.map(({ kind }) => kind);
  expect(kinds.slice(0, all.length).sort()).toEqual([...all].sort());
  expect(kinds.slice(all.length).sort()).toEqual([...all].sort());
  expect(Math.max(...waves.map(({ length }) => length))).toBeGreaterThan(1);
  for (const { kind, hub, seconds } of faults) {
    expect([0, 1, 2]).toContain(hub);
    expect(seconds).toBeGreaterThanOrEqual(KINDS[kind][0]);
    expect(seconds).toBeLessThanOrEqual(KINDS[kind][1]);
  }
});

it('a restore is declared alone, and kinds that cannot be had are left out', () => {
  for (let seed = 0; seed < 50; seed++) {
    const waves = planOf({ seed, count: 42, hubs: 2, without: ['PostgreSQL: disk full'] });
    const kinds = waves.map((wave) => wave.map(({ kind }) => kind));
    expect(kinds.flat()).toHaveLength(42);
    expect(kinds.flat()).not.toContain('PostgreSQL: disk full');
    for (const wave of kinds.filter((names) => names.includes('restore declared'))) expect(wave).toHaveLength(1);
  }
});

it('a wave is said in words', () => {
  const fault = { hub: 1, after: 0, seconds: 0, choice: 0 };
  const wave = [
    { ...fault, kind: 'hub killed' as const },
    { ...fault, kind: 'PostgreSQL: read-only' as const, after: 1.5, seconds: 3 },
  ];
  expect(inWords(wave)).toBe('hub killed (hub 1), after 1.5 s PostgreSQL: read-only for 3 s');
});
