import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliDecompressSync } from 'node:zlib';
import { cpuOf, rssOf, say } from './harness.mjs';
import { measureAlone } from './hostile/alone.mjs';
import { QUERIES } from './hostile/attacks.mjs';
import { measurePublishing } from './hostile/publishing.mjs';
import { publishAlert, startDatabase, startHub } from './hub.mjs';

/**
 * What one hostile document costs the hub, and how long a victim waits for it that asks every 20 ms. `node hostile.mjs`.
 * `node hostile.mjs alone`: what each kind of anonymous request costs, by itself; ends with 1 where one takes over 50 ms of CPU
 * or 8 MB. The demo stands on the board, and ten alerts that name every commune.
 */
const STORMS = 10;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const GIVE_UP_MS = 30_000;
const REST_MS = 300;
const isAlone = process.argv[2] === 'alone';
const only = process.argv[isAlone ? 3 : 2];

const agent = new http.Agent({ keepAlive: true });

/** One request; its answer is read and thrown away. */
function ask(hub, body, headers = {}) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const request = http.request(`${hub.url}/graphql`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', ...headers },
  });
  request.setTimeout(GIVE_UP_MS, () => request.destroy(new Error('no answer')));
  request.on('error', reject);
  request.on('response', (response) => {
    const parts = [];
    let bytes = 0;
    response.on('data', (part) => {
      bytes += part.length;
      if (parts.length < 4) parts.push(part);
    });
    response.on('end', () =>
      resolve({
        status: response.statusCode,
        bytes,
        start: Buffer.concat(parts).subarray(0, 4_000),
        headers: response.headers,
      }),
    );
  });
  request.end(JSON.stringify(body));
  return promise;
}

/** Asks for the hub's health every 20 ms until it is stopped; answers the longest wait. */
function victimOf(hub) {
  let longest = 0;
  let stopped = false;
  const one = () =>
    new Promise((resolve) => {
      const began = performance.now();
      const done = () => {
        longest = Math.max(longest, performance.now() - began);
        resolve();
      };
      http.get(`${hub.url}/healthz`, { agent }, (response) => response.resume().on('end', done)).on('error', done);
    });
  const running = (async () => {
    while (!stopped) {
      await one();
      await pause(20);
    }
  })();
  return async () => {
    stopped = true;
    await running;
    return longest;
  };
}

async function measure(hub, name, given) {
  const body = typeof given === 'string' ? { query: given } : given;
  const costs = [];
  let longest = 0;
  let answer;
  for (let round = 0; round < ROUNDS; round += 1) {
    // A comment of its own: nothing that was kept of the document before helps.
    const query = `${body.query} # ${round} ${Math.random()}`;
    const stop = victimOf(hub);
    await pause(60);
    const before = cpuOf(hub.pid);
    // Twice: the second time its answer is compressed, if it is kept.
    for (let at = 0; at < 2; at += 1)
      answer = await ask(hub, { ...body, query }, { 'accept-encoding': 'br' }).catch((error) => ({
        status: error.message,
        bytes: 0,
      }));
    await pause(REST_MS);
    costs.push((cpuOf(hub.pid) - before) / 1000);
    longest = Math.max(longest, await stop());
  }
  const text =
    answer.start && (answer.headers['content-encoding'] === 'br' ? brotliStart(answer.start) : String(answer.start));
  const refused = /"errors"/.test(text ?? '') ? (/"limit":\{[^}]*\}/.exec(text)?.[0] ?? text.slice(0, 200)) : undefined;
  console.log(
    JSON.stringify({
      bench: name,
      status: answer.status,
      bytes: answer.bytes,
      cpu: costs.map((one) => +one.toPrecision(3)),
      victim: +longest.toPrecision(3),
      rss: Math.round(rssOf(hub.pid) / 1024),
      refused,
    }),
  );
}

function brotliStart(bytes) {
  try {
    return String(brotliDecompressSync(bytes));
  } catch {
    return '';
  }
}

const database = await startDatabase();
const hub = await startHub(database, { port: 4795, cpu: 0, demo: 'true' });
const { communes } = await hub.ask(undefined, '{ communes(first: 200) { nodes { code } } }');
const everywhere = communes.nodes.map(({ code }) => code);
const storms = [];
for (let at = 0; at < STORMS; at += 1)
  storms.push(await publishAlert(hub, { communes: everywhere, headline: `Tempête sur toute l’Essonne, ${at}` }));
say(`${everywhere.length} communes, ${STORMS} alerts that name them all`);
const isOver = isAlone && (await measureAlone(hub, database, { communes: everywhere, storms, only }));
if (!isAlone) {
  for (const [name, query] of Object.entries(QUERIES))
    if (!only || name.includes(only)) await measure(hub, name, query);
  if (!only || only === 'publish') await measurePublishing(hub, everywhere);
}
await hub.end();
await database.end();
process.exit(isOver ? 1 : 0);
