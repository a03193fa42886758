import { once } from 'node:events';
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { longFile } from '../../support/generated/address-lines.ts';
import { say } from '../harness.mjs';
import { startDatabase, startHub } from '../hub.mjs';

/**
 * An address among 450,000 made-up ones (P15): how long the file takes to load, and an answer over HTTP, one at a time.
 * CPU of PostgreSQL, the hub and this process together says more where others use the machine. `node addresses/run.mjs`; BENCH_STREETS (15,000) of BENCH_NUMBERS (30), BENCH_TIMES (400) questions of each kind.
 */
const STREETS = Number(process.env.BENCH_STREETS ?? 15_000);
const NUMBERS = Number(process.env.BENCH_NUMBERS ?? 30);
const TIMES = Number(process.env.BENCH_TIMES ?? 400);
const WARM = 50;
const REAPED_MS = 500;

const SEARCH = `query ($search: String!, $near: PointInput) {
  addresses(search: $search, near: $near) { nodes { label point approximate commune { name } } } }`;
const AT = 'query ($point: PointInput!) { addressAt(point: $point) { label distanceMetres } }';

const database = await startDatabase();
const hub = await startHub(database, { port: 4792, cpu: 0 });
const { loadTerritory } = await database.built('territory/load.js');
const territory = loadTerritory();

/** Writes the file; answers some of its addresses. */
async function write(file) {
  const packed = createGzip({ level: 1 });
  const written = packed.pipe(createWriteStream(file));
  const some = [];
  for (const text of longFile(territory, STREETS, NUMBERS)) {
    if (!packed.write(text)) await once(packed, 'drain');
    const [, , numero, , street, postalCode, code, , , , lon, lat] = text.split('\n')[0].split(';');
    if (code !== 'code_insee' && some.length < TIMES)
      some.push({
        numero,
        street,
        postalCode,
        commune: territory.byCode(code).name,
        lon: Number(lon),
        lat: Number(lat),
      });
  }
  packed.end();
  await once(written, 'close');
  return some;
}

/** A file of the kernel's account of a process; empty for one that has just ended. */
function told(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** CPU of PostgreSQL, of the hub and of this process until now, in milliseconds; a tick of the kernel is ten. */
function cpuMs() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const postmasters = pids.filter(
    (pid) => pid !== String(process.pid) && told(pid, 'cmdline').includes(database.dataDir),
  );
  let ticks = 0;
  for (const pid of pids) {
    const stat = told(pid, 'stat')
      .replace(/^.*\) /, '')
      .split(' ');
    const [user = 0, system = 0, userOfEnded = 0, systemOfEnded = 0] = stat.slice(11, 15).map(Number);
    if (postmasters.includes(pid)) ticks += user + system + userOfEnded + systemOfEnded;
    else if (postmasters.includes(stat[1]) || [hub.pid, process.pid].includes(Number(pid))) ticks += user + system;
  }
  return ticks * 10;
}

/** The last word of a name with one sign wrong. */
const mistyped = (street) => street.replace(/.(..)$/, 'y$1');

const KINDS = {
  'number, street, commune': ({ numero, street, commune }) => [SEARCH, { search: `${numero} ${street} ${commune}` }],
  'as it is typed': ({ numero, street, commune }) => [
    SEARCH,
    { search: `${numero} ${street.toLowerCase().slice(0, -2)} ${commune.slice(0, 4)}` },
  ],
  mistyped: ({ street, postalCode }) => [SEARCH, { search: `${mistyped(street)} ${postalCode}` }],
  'near a point': ({ street, lon, lat }) => [SEARCH, { search: street.slice(0, 9), near: { lon, lat } }],
  'a word that half of them have': () => [SEARCH, { search: '12 rue' }],
  'the nearest': ({ lon, lat }) => [AT, { point: { lon: lon + 0.001, lat: lat + 0.0005 } }],
};

const file = path.join(database.dataDir, 'adresses.csv.gz');
const some = await write(file);
process.env.DATABASE_URL = database.url;
const { operate } = await database.built('process/operate.js');
for (const time of ['first', 'again']) {
  const [begun, before] = [performance.now(), cpuMs()];
  if ((await operate('addresses', [file])) !== 0) throw new Error('the file was not loaded');
  const seconds = +((performance.now() - begun) / 1000).toPrecision(3);
  // PostgreSQL hears of the end of a session a moment later.
  await pause(REAPED_MS);
  console.log(
    JSON.stringify({
      ...{ bench: `load ${STREETS * NUMBERS} addresses, ${time} (P15)`, unit: 's', ours: seconds },
      cpu: (cpuMs() - before) / 1000,
    }),
  );
}
for (const [kind, question] of Object.entries(KINDS)) {
  const took = [];
  let found = 0;
  let before = 0;
  for (const [index, one] of [...some.slice(0, WARM), ...some].entries()) {
    const begun = performance.now();
    const { addresses, addressAt } = await hub.ask('editor', ...question(one));
    if (index < WARM) {
      before = cpuMs();
      continue;
    }
    took.push(performance.now() - begun);
    if (addressAt || addresses?.nodes.length > 0) found += 1;
  }
  const cpu = +((cpuMs() - before) / took.length).toPrecision(3);
  took.sort((a, b) => a - b);
  const at = (share) => +took[Math.min(took.length - 1, Math.floor(took.length * share))].toPrecision(3);
  say(`${kind}: found ${found} of ${took.length}`);
  console.log(JSON.stringify({ bench: `an address: ${kind} (P15)`, unit: 'ms', p50: at(0.5), p99: at(0.99), cpu }));
}
await hub.end();
await database.end();
process.exit(0);
