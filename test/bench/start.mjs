import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fill } from './corpus.mjs';
import { cpuOf, isChosen, ROUNDS, report, rssOf, say, serve } from './harness.mjs';
import { startDatabase, startHub } from './hub.mjs';

/**
 * From `node` to the first answer (P11), once Node.js has kept what it compiled: a hub over a PostgreSQL that runs already and holds 5,000 live publications, beside
 * Apollo with Fastify, the same schema and no database. `node start.mjs`; BENCH_LIVE, BENCH_ARCHIVED.
 */
const LIVE = Number(process.env.BENCH_LIVE ?? 5_000);
const ARCHIVED = Number(process.env.BENCH_ARCHIVED ?? 0);
const APOLLO = `${import.meta.dirname}/start/apollo.server.mjs`;

/** Asks until there is an answer. */
async function answer(port) {
  for (;;) {
    try {
      return await ask(port);
    } catch (error) {
      if (error.cause?.code !== 'ECONNREFUSED') throw error;
      await pause(3);
    }
  }
}

async function ask(port) {
  const body = JSON.stringify({ query: '{ __typename }' });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
}

const database = await startDatabase();
await fill(database, { live: LIVE, archived: ARCHIVED });
// Each start finds the tokens of the one before; what a hub keeps on disk beside that is its own.
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'tocsin-start-'));
// `npm start` has Node.js keep what it compiled; here both have it.
const COMPILED = { NODE_COMPILE_CACHE: path.join(dataDir, 'compiled') };
const all = {
  ours: (port) => startHub({ ...database, dataDir }, { port, cpu: 0, env: COMPILED }),
  'Apollo + Fastify': (port) => serve(APOLLO, { cpu: 0, env: { PORT: String(port), ...COMPILED } }),
};
const contenders = Object.fromEntries(Object.entries(all).filter(([name]) => name === 'ours' || isChosen(name)));
const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
// The first round reads everything into the page cache, and counts for nothing.
for (let round = -1; round < ROUNDS; round += 1)
  for (const [name, start] of Object.entries(contenders)) {
    const port = 4770 + Object.keys(contenders).indexOf(name);
    const begun = performance.now();
    const starting = start(port);
    await answer(port);
    const took = performance.now() - begun;
    const server = await starting;
    if (round >= 0) results[name].push({ took, cpu: cpuOf(server.pid) / 1000 });
    say(
      `${name}: ${took.toFixed(0)} ms, ${(cpuOf(server.pid) / 1000).toFixed(0)} ms of CPU, ${Math.round(rssOf(server.pid) / 1024)} MiB`,
    );
    await pause(500);
    await server.end();
  }
await database.end();
await rm(dataDir, { recursive: true });
const { ours, ...peers } = results;
for (const [key, unit] of [
  ['took', 'ms'],
  ['cpu', 'ms of CPU'],
]) {
  const column = (rounds) => rounds.map((one) => one[key]);
  const theirs = Object.fromEntries(Object.entries(peers).map(([name, rounds]) => [name, column(rounds)]));
  report('start to first answer (P11)', unit, column(ours), theirs);
}
process.exit(0);
