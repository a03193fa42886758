import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { median, ROUNDS, say } from './harness.mjs';

/**
 * Two versions of the product beside each other: `node compare.mjs <another checkout> [part …]`. Each round runs each part
 * once against the other checkout's hub and once against this one's, each by its own benches (they speak the API that it
 * has) and without peers; what counts is the median of the rounds' ratios, this one to the other (BENCH_ROUNDS, 5). The other checkout needs its
 * `npm ci`. Given this very folder, it tells how far two runs of the same code lie apart.
 */
const PARTS = {
  kept: ['query.mjs', 'kept'],
  executed: ['query.mjs', 'executed'],
  wide: ['fanout.mjs', 'wide'],
  narrow: ['fanout.mjs', 'narrow'],
  memory: ['fanout.mjs', 'memory'],
  comeback: ['fanout.mjs', 'comeback'],
  publish: ['publish.mjs', 'delivery'],
  workflow: ['publish.mjs', 'workflow'],
  growth: ['growth.mjs'],
  start: ['start.mjs'],
  desk: ['desk.mjs'],
};
const here = path.resolve(import.meta.dirname, '..', '..');
const [other, ...named] = process.argv.slice(2);
if (!other || named.some((part) => !(part in PARTS))) {
  say(`usage: node compare.mjs <another checkout> [${Object.keys(PARTS).join('|')} …]`);
  process.exit(1);
}
const parts = named.length > 0 ? named : Object.keys(PARTS);

/** Figures of one run of a part: what was measured → its value. */
async function figures(part, product) {
  const [file, ...args] = PARTS[part];
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(product, 'test', 'bench', file), ...args], {
    env: { ...process.env, BENCH_PRODUCT: product, BENCH_ONLY: '', BENCH_ROUNDS: '1' },
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{"bench"'));
  return new Map(lines.map((line) => JSON.parse(line)).map(({ bench, unit, ours }) => [`${bench}, ${unit}`, ours]));
}

for (const part of parts) {
  const results = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await figures(part, path.resolve(other));
    const after = await figures(part, here);
    for (const [name, value] of after) {
      const pairs = results.get(name) ?? [];
      results.set(name, [...pairs, { before: before.get(name), after: value }]);
      say(`${name}: ${before.get(name)} before, ${value} after`);
    }
  }
  for (const [bench, pairs] of results) {
    const ratios = pairs.map(({ before, after }) => after / before).map((ratio) => +ratio.toPrecision(3));
    const of = (key) => +median(pairs.map((pair) => pair[key])).toPrecision(4);
    console.log(JSON.stringify({ bench, before: of('before'), after: of('after'), ratio: median(ratios), ratios }));
  }
}
process.exit(0);
