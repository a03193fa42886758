import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { cpuOf, isChosen, ROUNDS, report, say, serve } from '../harness.mjs';
import { alertInput, DOSSIER, startDatabase, startHub } from '../hub.mjs';

/**
 * CPU of the hub for each step of an alert, from its draft to its publication, by the API; beside a bare `node:http` that
 * writes what is posted to a table, in one transaction of three statements. BENCH_TIMES (100) of each in a round.
 */
const TIMES = Number(process.env.BENCH_TIMES ?? 100);
/** What goes on after an answer (the doorbell of the hub itself, garbage) belongs to the step before it. */
const REST_MS = 5;
const PEER = 'node:http, one bare transaction';

const database = await startDatabase();
const hub = await startHub(database, { port: 4782, cpu: 0 });
const session = new pg.Client({ connectionString: database.url });
await session.connect();
await session.query('create table bare_publication (id uuid primary key, body jsonb not null)');
const bare = isChosen(PEER)
  ? await serve(path.join(import.meta.dirname, 'transaction.server.mjs'), {
      cpu: 0,
      env: { PORT: '4783', DATABASE_URL: database.url },
    })
  : undefined;

async function cost(pid, work) {
  const before = cpuOf(pid);
  const result = await work();
  await pause(REST_MS);
  return [result, cpuOf(pid) - before];
}

const DRAFT = `mutation ($input: AlertInput!) { it: draftAlert(input: $input) ${DOSSIER} }`;
const stepOf = (name) => `mutation ($id: ID!, $version: Int!) { it: ${name}(id: $id, version: $version) ${DOSSIER} }`;
const STEPS = { submitDossier: 'editor', approveDossier: 'validator', publishDossier: 'validator' };

/** One alert from its draft to the public; tells the cost of each step. */
async function publish(note) {
  const draft = () => hub.ask('editor', DRAFT, { input: alertInput() });
  let [{ it }, spent] = await cost(hub.pid, draft);
  note('draft', spent);
  for (const [name, persona] of Object.entries(STEPS)) {
    const { id, version } = it.dossier;
    [{ it }, spent] = await cost(hub.pid, () => hub.ask(persona, stepOf(name), { id, version }));
    note(name, spent);
  }
}

async function writeBare(note) {
  const body = JSON.stringify({ query: DRAFT, variables: { input: alertInput() } });
  const post = () => fetch('http://127.0.0.1:4783', { method: 'POST', body }).then((answer) => answer.text());
  const [, spent] = await cost(bare.pid, post);
  note(PEER, spent);
}

async function round() {
  const sums = {};
  const note = (name, spent) => {
    sums[name] = (sums[name] ?? 0) + spent / TIMES;
  };
  for (let time = 0; time < TIMES; time += 1) {
    await publish(note);
    if (bare) await writeBare(note);
  }
  return sums;
}

// A hub that has just started runs code that nobody has compiled yet.
await round();
const results = {};
for (let number = 0; number < ROUNDS; number += 1)
  for (const [name, micros] of Object.entries(await round())) {
    results[name] = [...(results[name] ?? []), micros / 1000];
    say(`${name}: ${(micros / 1000).toFixed(2)} ms of CPU`);
  }
const { [PEER]: peer, ...steps } = results;
for (const [name, costs] of Object.entries(steps))
  report(`workflow: ${name} (P13)`, 'ms of CPU', costs, peer ? { [PEER]: peer } : {});
await session.end();
await bare?.end();
await hub.end();
await database.end();
