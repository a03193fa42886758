/**
 * How many cases a property is tried with, and from which seed: small by default, so that the whole check stays quick. More
 * by FUZZ_RUNS; a case that failed again by FUZZ_SEED, which every failure prints.
 */
export function budget(runs: number): { numRuns: number; seed?: number } {
  const { FUZZ_RUNS, FUZZ_SEED } = process.env;
  return { numRuns: FUZZ_RUNS ? Number(FUZZ_RUNS) : runs, ...(FUZZ_SEED ? { seed: Number(FUZZ_SEED) } : {}) };
}
