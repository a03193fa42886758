import { ROUNDS, report, rssOf, say } from '../harness.mjs';
import { measure, openArchive, warm } from './archive.mjs';

/**
 * What queries and changes cost with 100,000 publications in the archive, beside 1,000 (P10); 1,000 are live in both.
 * `node growth.mjs reading`; BENCH_SMALL, BENCH_LARGE, BENCH_WARM (500) of each before, BENCH_TIMES (100) of each in a round.
 */
const SMALL = Number(process.env.BENCH_SMALL ?? 1_000);
const LARGE = Number(process.env.BENCH_LARGE ?? 100_000);

const small = await openArchive(SMALL, 4760);
const large = await openArchive(LARGE, 4761);
const size = ({ hub }) => `${Math.round(rssOf(hub.pid) / 1024)} MiB`;
say(`resident memory: ${size(small)} with ${SMALL} in the archive, ${size(large)} with ${LARGE}`);

const results = Object.fromEntries(Object.keys(small.works).map((name) => [name, { small: [], large: [] }]));
for (const name of Object.keys(results)) for (const one of [small, large]) await warm(one, name);
for (let round = 0; round < ROUNDS; round += 1)
  for (const name of Object.keys(results))
    for (const [key, one] of Object.entries({ small, large })) results[name][key].push(await measure(one, name));
await small.end();
await large.end();
for (const [name, { small, large }] of Object.entries(results))
  for (const [key, unit] of [
    ['time', 'ms'],
    ['cpu', 'µs of CPU'],
  ])
    report(
      `growth: ${name} (P10), ${LARGE} archived`,
      unit,
      large.map((one) => one[key]),
      {
        [`${SMALL} archived`]: small.map((one) => one[key]),
      },
    );
