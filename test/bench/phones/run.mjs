import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { build } from '../../../scripts/build.mjs';
import { cpuOf, endWithUs, rssOf, say } from '../harness.mjs';
import { DEFAULT_BOUNDS, startDatabase, startHub } from '../hub.mjs';
import { positionOf, Tally } from './account.mjs';
import { startEditor } from './editor.mjs';
import { lackOfFiles } from './open-files.mjs';

/**
 * Thousands of phones behind one address, with the bounds that a hub has by default: whether any is refused something, or
 * loses a change or hears one twice. `node phones/run.mjs`; PHONES (5000), MINUTES (10), BENCH_WORKERS (2, processes of the hub),
 * BENCH_CROWDS (4, processes of the phones), PUBLISH_SECONDS (4), RAMP_SECONDS (20). Ends with 1 where something was lost.
 */
const setting = (name, otherwise) => Number(process.env[name] ?? otherwise);
const PHONES = setting('PHONES', 5_000);
const MINUTES = setting('MINUTES', 10);
const WORKERS = setting('BENCH_WORKERS', 2);
const CROWDS = setting('BENCH_CROWDS', 4);
const EVERY_MS = setting('PUBLISH_SECONDS', 4) * 1000;
const RAMP_MS = setting('RAMP_SECONDS', 20) * 1000;
const PORT = setting('BENCH_PORT', 4797);
const PLACES = 40;
/** Half-way a mast restarts: so many phones lose their network at once, and come back as fast. */
const MAST = { share: 0.2, withinMs: 5_000 };
/** What is done by phones themselves, and no fault. */
const NO_FAULTS = new Set(['read', 'change', 'cut']);
const PAGE = 500;

const lack = lackOfFiles(PHONES);
if (lack) {
  say(lack);
  process.exit(2);
}

/** Phones in a process of their own; `told(name)` answers what it says by that name. */
function startCrowd(given) {
  const child = fork(path.join(import.meta.dirname, 'crowd.mjs'), [JSON.stringify(given)]);
  endWithUs(child);
  const facts = new Map();
  const factOf = (name) => {
    if (!facts.has(name)) facts.set(name, Promise.withResolvers());
    return facts.get(name);
  };
  child.on('message', (message) => {
    for (const [name, fact] of Object.entries(message)) factOf(name).resolve(fact);
  });
  child.on('exit', (code) => {
    for (const name of ['standing', 'settled', 'verdict'])
      factOf(name).reject(new Error(`a process of phones ended with ${code}`));
  });
  for (const name of ['standing', 'settled', 'verdict']) factOf(name).promise.catch(() => undefined);
  return { pid: child.pid, tell: (message) => child.send(message), told: (name) => factOf(name).promise };
}

/** The processes of the hub: the primary, and its workers. */
const processesOf = (pid) => [
  pid,
  ...readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  ),
];

async function metricsOf({ url }) {
  const text = await (await fetch(`${url}/metrics`)).text();
  return (name) =>
    [...text.matchAll(new RegExp(`^${name}(\\{[^}]*\\})? (\\S+)$`, 'gm'))].map(([, labels = '', value]) => ({
      labels,
      value: Number(value),
    }));
}

/** The positions of the changes behind one, as the journal has them for a filter. */
async function journalOf(hub, commune, after) {
  const where = commune === '' ? null : { communes: [commune] };
  const query = `query ($where: ChangeFilter, $after: Cursor) { changes(where: $where, after: $after, first: ${PAGE}) {
    nodes { cursor } endCursor hasNextPage } }`;
  const positions = [];
  for (let from = after; ; ) {
    const { changes } = await hub.ask('editor', query, { where, after: from });
    positions.push(...changes.nodes.map(({ cursor }) => positionOf(cursor)));
    if (!changes.hasNextPage) return positions;
    from = changes.endCursor;
  }
}

const untilAllServe = async (hub) => {
  while ((await metricsOf(hub))('tocsin_processes')[0]?.value !== WORKERS) await pause(200);
};

const sharesOf = (count, parts) =>
  Array.from({ length: parts }, (_, at) => ({
    from: Math.floor((at * count) / parts),
    count: Math.floor(((at + 1) * count) / parts) - Math.floor((at * count) / parts),
  }));

const database = await startDatabase();
const hub = await startHub(database, {
  port: PORT,
  cpu: `0-${os.availableParallelism() - 1}`,
  demo: 'true',
  env: { ...DEFAULT_BOUNDS, TOCSIN_WORKERS: String(WORKERS) },
});
if (WORKERS > 1) await untilAllServe(hub);
const { communes: known } = await hub.ask('editor', '{ communes(first: 200) { nodes { code } } }');
const communes = known.nodes.slice(0, PLACES).map(({ code }) => code);
const { changes } = await hub.ask('editor', '{ changes(first: 1) { endCursor } }');
const client = pathToFileURL(path.join(path.dirname(path.dirname(await build())), 'client', 'resuming.js')).href;

say(`${PHONES} phones at 127.0.0.1, ${MINUTES} min, a hub of ${WORKERS} processes with its default bounds`);
const crowds = sharesOf(PHONES, CROWDS).map((share) =>
  startCrowd({ ...share, url: hub.url, communes, rampMs: RAMP_MS, client }),
);
const processes = processesOf(hub.pid);
const cpuBefore = processes.map(cpuOf);
const began = performance.now();
await Promise.all(crowds.map(({ told }) => told('standing')));
say(`all stand after ${((performance.now() - began) / 1000).toFixed(1)} s`);
const faults = new Tally();
const stopEditor = startEditor(hub, { communes, everyMs: EVERY_MS, onFault: (fault) => faults.add(fault) });
await pause(MINUTES * 30_000);
for (const { tell } of crowds) tell({ cut: MAST });
await pause(MINUTES * 30_000);
const acknowledged = await stopEditor();
const seconds = (performance.now() - began) / 1000;
const cpu = processes.map((pid, at) => (cpuOf(pid) - cpuBefore[at]) / 1e6);
const crowdCpu = crowds.map(({ pid }) => cpuOf(pid) / 1e6);
for (const { tell } of crowds) tell({ settle: true });
await Promise.all(crowds.map(({ told }) => told('settled')));
const filters = ['', ...communes];
const expected = Object.fromEntries(
  await Promise.all(filters.map(async (filter) => [filter, await journalOf(hub, filter, changes.endCursor)])),
);
for (const { tell } of crowds) tell({ expected });
const verdicts = await Promise.all(crowds.map(({ told }) => told('verdict')));

const heard = new Tally();
for (const verdict of verdicts) {
  heard.addAll(verdict.heard);
  faults.addAll(verdict.tally);
}
const metrics = await metricsOf(hub);
for (const { labels, value } of metrics('tocsin_refused_total')) if (value > 0) faults.add(`refused ${labels}`, value);
if (expected[''].length < acknowledged)
  faults.add('acknowledged, and not in the journal', acknowledged - expected[''].length);

const waits = verdicts.flatMap((verdict) => verdict.waits).sort((a, b) => a - b);
const waitAt = (share) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))];
const { read = 0, change = 0, cut = 0 } = faults.counts;
const { due = 0, ...wrong } = heard.counts;
const percent = (part) => `${((100 * part) / seconds).toFixed(0)} %`;
const rows = {
  phones: PHONES,
  seconds: seconds.toFixed(0),
  'changes made': expected[''].length,
  'changes due to the phones': due,
  'changes heard': change,
  ...wrong,
  'connections cut': cut,
  'pages, queries and feeds read': read,
  'a reader waited, ms: median, 99 %, longest': [0.5, 0.99, 1].map(waitAt).join(', '),
  'a core in use by each process of the hub': cpu.map(percent).join(', '),
  'by each process of the phones': crowdCpu.map(percent).join(', '),
  'memory of each process of the hub, MiB': processes.map((pid) => Math.round(rssOf(pid) / 1024)).join(', '),
};
for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(44)} ${value}`);
const refusals = Object.entries(faults.counts).filter(([name]) => !NO_FAULTS.has(name));
console.log(`\nrefused, closed or failed: ${refusals.length === 0 ? 'nothing' : ''}`);
for (const [name, times] of refusals.sort((a, b) => b[1] - a[1])) console.log(`${String(times).padStart(8)}  ${name}`);
const lost = Object.values(wrong).some((times) => times > 0);
for (const { tell } of crowds) tell({ end: true });
await hub.end();
await database.end();
process.exit(refusals.length > 0 || lost || change === 0 ? 1 : 0);
