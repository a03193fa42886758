import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { measure, warm } from './growth/archive.mjs';
import { median, ROUNDS, say } from './harness.mjs';
import { openQuery } from './query/side.mjs';

/**
 * Two versions of the product beside each other: `node compare.mjs <another checkout> [part …]`. Each round runs each part
 * once against the other checkout's hub and once against this one's, each by its own benches (they speak the API that it
 * has) and without peers; what counts is the median of the rounds' ratios, this one to the other (BENCH_ROUNDS, 5). The other
 * checkout needs its `npm ci`. `kept` and `executed` warm one hub of each side and ask both in turns, as `growth` does, which
 * fills one archive of each (BENCH_LARGE, 100,000). Given this very folder, it tells how far two runs of the same code lie apart.
 */
const PARTS = {
  wide: ['fanout.mjs', 'wide'],
  narrow: ['fanout.mjs', 'narrow'],
  memory: ['fanout.mjs', 'memory'],
  comeback: ['fanout.mjs', 'comeback'],
  publish: ['publish.mjs', 'delivery'],
  workflow: ['publish.mjs', 'workflow'],
  start: ['start.mjs'],
  desk: ['desk.mjs'],
};
const QUERIES = { kept: 'the hot query, kept (P1)', executed: 'the hot query, nothing kept (P2)' };
const here = path.resolve(import.meta.dirname, '..', '..');
const [other, ...named] = process.argv.slice(2);
const ALL = [...Object.keys(QUERIES), ...Object.keys(PARTS), 'growth'];
if (!other || named.some((part) => !ALL.includes(part))) {
  say(`usage: node compare.mjs <another checkout> [${ALL.join('|')} …]`);
  process.exit(1);
}
const parts = named.length > 0 ? named : ALL;

/** Figures of one run of a part: what was measured → its value. */
async function figures(part, product) {
  const [file, ...args] = PARTS[part];
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(product, 'test', 'bench', file), ...args], {
    env: { ...process.env, BENCH_PRODUCT: product, BENCH_ONLY: '', BENCH_ROUNDS: '1' },
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{"bench"'));
  return new Map(lines.map((line) => JSON.parse(line)).map(({ bench, unit, ours }) => [`${bench}, ${unit}`, ours]));
}

/** Runs a part of each side in turns; answers the figures of each round by what was measured. */
async function pairsOf(part) {
  const results = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await figures(part, path.resolve(other));
    const after = await figures(part, here);
    for (const [name, value] of after) keep(results, name, before.get(name), value);
  }
  return results;
}

/**
 * The same of two hubs that run beside each other, warmed for each work and then asked in turns; who goes first changes with each
 * round. `openSide(product, port)` makes a side that can be warmed, measured and ended; `units` are of the figures of a measure.
 */
async function pairsInTurns(openSide, names, units) {
  const sides = [await openSide(path.resolve(other), 4760), await openSide(here, 4761)];
  const results = new Map();
  for (const [work, name] of Object.entries(names(sides[1]))) {
    for (const side of sides) await side.warm(work);
    for (let round = 0; round < ROUNDS; round += 1) {
      const found = [];
      for (const index of round % 2 ? [1, 0] : [0, 1]) found[index] = await sides[index].measure(work);
      const [before, after] = found;
      for (const [key, unit] of Object.entries(units)) keep(results, `${name}, ${unit}`, before[key], after[key]);
    }
  }
  for (const side of sides) await side.end();
  return results;
}

/** An archive takes minutes to fill, and so each side has one for all works. */
async function openGrowth(product, port) {
  const { openArchive } = await import(path.join(product, 'test', 'bench', 'growth', 'archive.mjs'));
  const archive = await openArchive(Number(process.env.BENCH_LARGE ?? 100_000), port);
  return {
    works: Object.keys(archive.works),
    warm: (name) => warm(archive, name),
    measure: (name) => measure(archive, name),
    end: () => archive.end(),
  };
}

const queryPairs = (part) =>
  pairsInTurns(openQuery, () => ({ [part]: QUERIES[part] }), { rate: 'requests/s', cpu: 'µs of CPU' });

const growthPairs = () =>
  pairsInTurns(openGrowth, ({ works }) => Object.fromEntries(works.map((work) => [work, `growth: ${work} (P10)`])), {
    time: 'ms',
    cpu: 'µs of CPU',
  });

function keep(results, name, before, after) {
  results.set(name, [...(results.get(name) ?? []), { before, after }]);
  say(`${name}: ${before} before, ${after} after`);
}

const pairsFor = (part) => {
  if (part in QUERIES) return queryPairs(part);
  return part === 'growth' ? growthPairs() : pairsOf(part);
};

for (const part of parts)
  for (const [bench, pairs] of await pairsFor(part)) {
    const ratios = pairs.map(({ before, after }) => after / before).map((ratio) => +ratio.toPrecision(3));
    const of = (key) => +median(pairs.map((pair) => pair[key])).toPrecision(4);
    console.log(JSON.stringify({ bench, before: of('before'), after: of('after'), ratio: median(ratios), ratios }));
  }
process.exit(0);
