import { fill } from '../corpus.mjs';
import { cpuOf, median, ROUNDS, report, say } from '../harness.mjs';
import { approveAlert, publishAlert, startDatabase, startHub, step } from '../hub.mjs';

/**
 * What an alert costs from its draft to the public with 5,000 publications live, beside 10, and each of 300 that are published
 * in a burst by eight validators, beside one alone (P13). BENCH_FEW, BENCH_MANY, BENCH_BURST, BENCH_ALERTS (20) in a round.
 */
const FEW = Number(process.env.BENCH_FEW ?? 10);
const MANY = Number(process.env.BENCH_MANY ?? 5_000);
const BURST = Number(process.env.BENCH_BURST ?? 300);
const ALERTS = Number(process.env.BENCH_ALERTS ?? 20);
const VALIDATORS = 8;

async function open(live, port) {
  const database = await startDatabase();
  await fill(database, { live });
  const hub = await startHub(database, { port, cpu: 0 });
  return {
    hub,
    async end() {
      await hub.end();
      await database.end();
    },
  };
}

/** Does some work as often as there are items, so many at a time; answers the median time (ms) and the CPU of the hub (ms) of one. */
async function spent(hub, items, atOnce, work) {
  const waiting = [...items];
  const times = [];
  const cpu = cpuOf(hub.pid);
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const start = performance.now();
      await work(item);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { time: median(times), cpu: (cpuOf(hub.pid) - cpu) / 1000 / items.length };
}

const alerts = (hub) => spent(hub, Array(ALERTS).fill(0), 1, () => publishAlert(hub));
const publications = (hub, approved, atOnce) =>
  spent(hub, approved, atOnce, (one) => step(hub, 'publishDossier', 'validator', one));
async function approve(hub, count) {
  const approved = [];
  await spent(hub, Array(count).fill(0), VALIDATORS, async () => approved.push(await approveAlert(hub)));
  return approved;
}

const UNITS = { time: 'ms', cpu: 'ms of CPU' };
const tell = (name, key, ours, peer, theirs) =>
  report(`growth: ${name} (P13)`, UNITS[key], column(ours, key), { [peer]: column(theirs, key) });
const column = (results, key) => results.map((one) => one[key]);

const few = await open(FEW, 4770);
const many = await open(MANY, 4771);
const results = { few: [], many: [] };
for (let round = -1; round < ROUNDS; round += 1)
  for (const [key, { hub }] of Object.entries({ few, many })) {
    const result = await alerts(hub);
    say(`${key}: ${result.time.toFixed(1)} ms, ${result.cpu.toFixed(2)} ms of CPU`);
    // The first round warms up.
    if (round >= 0) results[key].push(result);
  }
for (const key of Object.keys(UNITS)) tell(`an alert, ${MANY} live`, key, results.many, `${FEW} live`, results.few);

const alone = [];
const burst = [];
for (let round = 0; round < ROUNDS; round += 1) {
  alone.push(await publications(many.hub, await approve(many.hub, ALERTS), 1));
  burst.push(await publications(many.hub, await approve(many.hub, BURST), VALIDATORS));
}
// Eight at once wait for one another: what one costs the hub is compared, and how long each waited is told.
tell(`one of ${BURST} published by ${VALIDATORS} at once`, 'cpu', burst, 'one alone', alone);
say(
  `each of the burst waited ${median(column(burst, 'time')).toFixed(1)} ms, one alone ${median(column(alone, 'time')).toFixed(1)} ms`,
);
await few.end();
await many.end();
