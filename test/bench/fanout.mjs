import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { QUERY } from './fanout/change.mjs';
import { cpuOf, endWithUs, isChosen, median, pinned, ROUNDS, report, rssOf, say, serve } from './harness.mjs';
import { publishAlert, startDatabase, startHub } from './hub.mjs';
import { openJournal } from './journal.mjs';

/**
 * One change to many followers: the product (a hub that follows the journal, in which somebody else writes) beside raw ws,
 * graphql-ws with PubSub and graphql-sse. `node fanout.mjs [wide|narrow|memory|comeback]`, all of them without.
 * FOLLOWERS (10000), BENCH_ROUNDS (5), BENCH_PORT (4790, and those above it).
 */
const FOLLOWERS = Number(process.env.FOLLOWERS ?? 10_000);
const CHANGES = 10;
const BURST = 50;
const HERE = import.meta.dirname;
let port = Number(process.env.BENCH_PORT ?? 4790);

/** Followers in a process of their own; `arm(n)` answers when n more messages came. */
async function readers({ port, kind = 'ws', count = FOLLOWERS, variables, env = {}, query = QUERY, want }) {
  const [file, ...args] = pinned(
    [process.execPath, `${HERE}/fanout/readers.mjs`, JSON.stringify({ port, count, kind, query, variables, want })],
    1,
  );
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  endWithUs(child);
  const facts = [];
  const waiting = new Set();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const fact = JSON.parse(line);
    if ('closed' in fact || 'fault' in fact) say(`a follower left: ${line}`);
    facts.push(fact);
    for (const check of [...waiting]) check();
  });
  const seen = (name) =>
    new Promise((resolve, reject) => {
      const check = () => {
        const index = facts.findIndex((fact) => name in fact);
        if (index < 0) return;
        clearTimeout(late);
        waiting.delete(check);
        resolve(facts.splice(index, 1)[0]);
      };
      const late = setTimeout(() => reject(new Error(`no ${name} after two minutes`)), 120_000);
      waiting.add(check);
      check();
    });
  return {
    pid: child.pid,
    seen,
    async arm(want) {
      child.stdin.write(`${JSON.stringify({ arm: want })}\n`);
      await seen('armed');
    },
    end: () => new Promise((resolve) => child.once('exit', resolve) && child.stdin.write('{"end":true}\n')),
  };
}

const now = () => Number(process.hrtime.bigint());

/** Followers of one server that all stand; `go(times)` makes changes, and answers what they cost. */
async function audience(server, trigger, options) {
  const crowd = await readers({ port: server.port, ...options });
  await crowd.seen('standing');
  await pause(1_500);
  return {
    async go(times, each = FOLLOWERS) {
      await crowd.arm(times * each);
      const cpu = cpuOf(server.pid);
      const start = now();
      await trigger(times);
      const { last } = await crowd.seen('all');
      return { cpu: cpuOf(server.pid) - cpu, last: (last - start) / 1e6 };
    },
    async end() {
      await crowd.end();
      await server.end();
    },
  };
}

async function peer(program, env = {}) {
  port += 1;
  const server = await serve(`${HERE}/fanout/${program}.server.mjs`, { env: { PORT: String(port), ...env } });
  const own = port;
  return { ...server, port: own, trigger: (times) => fetch(`http://127.0.0.1:${own}/publish?times=${times}`) };
}

const RAW = { kind: 'raw' };
const SSE = { kind: 'sse' };
const SILENT = { env: { NO_CHECKPOINT: '1' } };

/** The bytes that raw ws sends: as many as one message of the hub. */
const PAYLOAD = JSON.stringify({
  id: 'x'.repeat(36),
  type: 'next',
  payload: { data: { changes: (await import('./fanout/change.mjs')).CHANGE } },
});

async function product() {
  const database = await startDatabase();
  const writer = await startHub(database, { port, cpu: 1 });
  const { id } = await publishAlert(writer);
  const journal = await openJournal(database);
  return {
    database,
    writer,
    /** Changes in one transaction of somebody else, who then rings: what is timed begins before it, and holds its commit. */
    changes: (times) => journal.confirm(id, times),
    /** How many sessions PostgreSQL serves. */
    sessions: () => journal.sessions(),
    async end() {
      await journal.end();
      await writer.end();
      await database.end();
    },
  };
}

async function hubServer({ database }, env = {}) {
  port += 1;
  return startHub(database, { port, cpu: 0, env });
}

/** Ours, and the peers of this run: some take a minute for a round and need not be there each time. */
const chosenOf = (contenders) =>
  Object.fromEntries(Object.entries(contenders).filter(([name]) => name === 'ours' || isChosen(name)));

/** P3, P5, P6: one document, all followers. */
async function wide(made) {
  const contenders = chosenOf({
    ours: async () => {
      const server = await hubServer(made);
      return audience(server, made.changes, {});
    },
    raw: async () => {
      const server = await peer('raw', { PAYLOAD });
      return audience(server, server.trigger, RAW);
    },
    'graphql-ws': async () => {
      const server = await peer('graphql-ws');
      return audience(server, server.trigger, SILENT);
    },
    'graphql-sse': async () => {
      const server = await peer('graphql-sse');
      return audience(server, server.trigger, SSE);
    },
    'ours over SSE': async () => {
      const server = await hubServer(made);
      return audience(server, made.changes, SSE);
    },
  });
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, start] of Object.entries(contenders)) {
      const crowd = await start();
      await crowd.go(1);
      const single = [];
      for (let time = 0; time < CHANGES; time += 1) {
        single.push(await crowd.go(1));
        await pause(50);
      }
      const burst = await crowd.go(BURST);
      await crowd.end();
      const cost = median(single.map(({ cpu }) => cpu)) / FOLLOWERS;
      const last = median(single.map(({ last }) => last));
      // All of it, from before the first change is made to the last delivery.
      const rate = (BURST * FOLLOWERS) / (burst.last / 1000);
      results[name].push({ cost, last, rate });
      say(`${name}: ${cost.toFixed(1)} µs, last after ${last.toFixed(0)} ms, burst ${Math.round(rate)} deliveries/s`);
    }
  const column = (name, key) => results[name].map((one) => one[key]);
  const others = (key) =>
    Object.fromEntries(
      Object.keys(results)
        .filter((name) => name !== 'ours')
        .map((name) => [name, column(name, key)]),
    );
  report('fanout: CPU per delivery (P3)', 'µs', column('ours', 'cost'), others('cost'));
  report('fanout: last follower (P5)', 'ms', column('ours', 'last'), others('last'));
  report('fanout: burst of 50 (P6)', 'deliveries/s', column('ours', 'rate'), others('rate'));
}

/** P4: 200 filters, 50 followers of each, a change for one of them. */
async function narrow(made) {
  const filters = 200;
  const each = FOLLOWERS / filters;
  const { communes } = await made.writer.ask(null, '{ communes(first: 200) { nodes { code } } }');
  const places = communes.nodes.map(({ code }) => [code]).filter(([code]) => code !== '91345');
  // Pairs of communes that nothing happens in make up the number.
  while (places.length < filters - 1)
    places.push([places[places.length % 50][0], places[(places.length % 50) + 60][0]]);
  places.splice(7, 0, ['91345']);
  const variables = places.slice(0, filters).map((codes) => ({ where: { communes: codes } }));
  const contenders = chosenOf({
    ours: async () => audience(await hubServer(made), made.changes, { variables }),
    raw: async () => {
      const server = await peer('raw', { PAYLOAD, TOPICS: String(filters) });
      return audience(server, server.trigger, RAW);
    },
    'a topic per commune': async () => {
      const server = await peer('graphql-ws', { FILTER: 'topic' });
      return audience(server, server.trigger, { variables, ...SILENT });
    },
    withFilter: async () => {
      const server = await peer('graphql-ws', { FILTER: 'with-filter' });
      return audience(server, server.trigger, { variables, ...SILENT });
    },
  });
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, start] of Object.entries(contenders)) {
      const crowd = await start();
      for (let time = 0; time < 10; time += 1) await crowd.go(1, each);
      const costs = [];
      for (let time = 0; time < 60; time += 1) costs.push((await crowd.go(1, each)).cpu);
      await crowd.end();
      results[name].push(median(costs));
      say(`${name}: ${median(costs).toFixed(0)} µs for a change`);
    }
  const { ours, ...peers } = results;
  report('fanout: 1 of 200 filters (P4)', 'µs', ours, peers);
}

/** P7: what an idle follower weighs, all servers having collected their garbage in the same way. */
async function memory(made) {
  const env = { NODE_OPTIONS: `--import=${HERE}/fanout/collect.mjs` };
  const contenders = chosenOf({
    ours: [() => hubServer(made, env), {}],
    raw: [() => peer('raw', { PAYLOAD, ...env }), RAW],
    'graphql-ws': [() => peer('graphql-ws', env), SILENT],
  });
  const heldBy = async (server) => {
    for (let time = 0; time < 2; time += 1) {
      process.kill(server.pid, 'SIGUSR2');
      await pause(2_000);
    }
    return rssOf(server.pid);
  };
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, [start, options]] of Object.entries(contenders)) {
      const server = await start();
      // What the first hundreds wake up (code, pools) is not what a follower weighs.
      const first = await readers({ port: server.port, count: 1_000, ...options });
      await first.seen('standing');
      await pause(3_000);
      const before = await heldBy(server);
      const crowd = await readers({ port: server.port, count: FOLLOWERS, ...options });
      await crowd.seen('standing');
      // A round of pings, so that what answering takes is in it.
      await pause(15_000);
      const weight = ((await heldBy(server)) - before) / FOLLOWERS;
      await Promise.all([first.end(), crowd.end()]);
      await server.end();
      results[name].push(weight);
      say(`${name}: ${weight.toFixed(1)} KiB`);
    }
  const { ours, ...peers } = results;
  report('fanout: memory of an idle follower (P7)', 'KiB', ours, peers);
}

/** P9: everybody comes back at once, 100 changes behind, through 200 filters that each let all of them pass. */
async function comeback(made) {
  const behind = 100;
  const { communes } = await made.writer.ask(null, '{ communes(first: 200) { nodes { code } } }');
  const cursor = async () => (await made.writer.ask(null, '{ changes(first: 1) { endCursor } }')).changes.endCursor;
  const after = await cursor();
  await made.changes(behind);
  while ((await cursor()) === after) await pause(50);
  const variables = communes.nodes.map(({ code }) => ({ after, where: { communes: ['91345', code] } }));
  const contenders = chosenOf({
    ours: [() => hubServer(made), { variables, ...SILENT }],
    'raw ws, a write a frame': [() => peer('raw', { PAYLOAD, GREETING: String(behind) }), RAW],
    'raw ws, one write': [() => peer('raw', { PAYLOAD, GREETING: String(behind), CORKED: '1' }), RAW],
  });
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, [start, options]] of Object.entries(contenders)) {
      const server = await start();
      await pause(500);
      const [cpu, executions] = [cpuOf(server.pid), await executionsOf(server)];
      const begun = now();
      const crowd = await readers({ port: server.port, want: FOLLOWERS * behind, ...options });
      let sessions = 0;
      const watch = setInterval(async () => {
        sessions = Math.max(sessions, await made.sessions());
      }, 100);
      const { last } = await crowd.seen('all');
      clearInterval(watch);
      const cost = (cpuOf(server.pid) - cpu) / FOLLOWERS;
      const executed = (await executionsOf(server)) - executions;
      results[name].push(cost);
      await crowd.end();
      await server.end();
      const own = name === 'ours' ? `, ${executed} executions, ${sessions} PostgreSQL sessions at most` : '';
      say(`${name}: ${cost.toFixed(0)} µs each, all there after ${((last - begun) / 1e9).toFixed(1)} s${own}`);
    }
  const { ours, ...peers } = results;
  report('fanout: all come back at once (P9)', 'µs of CPU a follower', ours, peers);
}

/** How many changes a hub has executed until now; 0 where the server is none. */
async function executionsOf({ url }) {
  if (!url) return 0;
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^tocsin_change_executions_total (\d+)/m.exec(text)[1]);
}

const parts = { wide, narrow, memory, comeback };
const chosen = process.argv[2];
const made = await product();
try {
  for (const [name, part] of Object.entries(parts)) if (!chosen || chosen === name) await part(made);
} finally {
  await made.end();
}
process.exit(0);
