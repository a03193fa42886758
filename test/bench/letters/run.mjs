import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import pg from 'pg';
import { cpuOf, ROUNDS, report, say, serve } from '../harness.mjs';
import { approveAlert, startDatabase, startHub, step } from '../hub.mjs';
import { countStatements } from './counted.mjs';
import { startRelay } from './relay.mjs';

/**
 * Letters of one publication to the mailboxes of so many institutions, by one hub, to a mail server on this machine (P17): CPU of the
 * hub for a letter, and how long after the publication was asked for the first and the last one were taken; beside nodemailer alone, which
 * is handed the same words. Then the statements of a letter, by another hub. `node letters/run.mjs`; BENCH_LETTERS (1000).
 */
const LETTERS = Number(process.env.BENCH_LETTERS ?? 1000);
/** Far longer than any run takes. */
const LIMIT_MS = 300_000;
/** What goes on after the last letter (its record, garbage) belongs to it. */
const REST_MS = 200;
const ALONE = 'nodemailer alone';

const relay = await startRelay();
const database = await startDatabase();
const session = new pg.Client({ connectionString: database.url });
const MAIL = {
  TOCSIN_SMTP_URL: `smtp://127.0.0.1:${relay.port}`,
  TOCSIN_MAIL_FROM: 'Alerte Essonne <alerte@essonne.example>',
};

async function until(condition, what) {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not after ${LIMIT_MS} ms`);
    await pause(5);
  }
}

/** Town halls, each with a mailbox that is written to without a click. */
async function writeDown() {
  await session.query(
    `with made as (
       insert into institution (id, version, kind, name, language, exercises, created_at, since)
       select gen_random_uuid(), 1, 'TOWN_HALL', 'Mairie ' || n, 'fr-FR', false, now(), 0
       from generate_series(1, $1::int) as n returning id, substr(name, 8) as number)
     insert into mailbox (id, institution_id, address, label, personal, state, key, invited_at)
     select gen_random_uuid(), id, 'm' || number || '@ville.example', 'Accueil', false, 'MANDATED', gen_random_uuid()::text, now() from made`,
    [LETTERS],
  );
}

const waiting = async () => {
  const { rows } = await session.query(`select count(*)::int as count from letter where state = 'WAITING'`);
  return rows[0].count;
};

/** Has all letters sent; answers CPU for each, and when the first and the last were there. Each mailbox has to have one. */
async function timed(pid, send) {
  relay.take();
  const before = cpuOf(pid);
  const began = performance.now();
  await send();
  await until(() => relay.count() >= LETTERS, 'all letters');
  await pause(REST_MS);
  const cpu = (cpuOf(pid) - before) / 1000 / LETTERS;
  const taken = relay.take();
  const told = new Set(taken.map(({ to }) => to)).size;
  if (taken.length !== LETTERS || told !== LETTERS) throw new Error(`${taken.length} letters to ${told} mailboxes`);
  return { cpu, first: taken[0].at - began, last: taken.at(-1).at - began };
}

async function byHub(hub) {
  const dossier = await approveAlert(hub);
  const seen = await timed(hub.pid, () => step(hub, 'publishDossier', 'validator', dossier));
  await until(async () => (await waiting()) === 0, 'all letters on record');
  return seen;
}

/** The words of our last letter, for those who are to send the same. */
async function wordsOf(raw) {
  const { subject, text, html } = await simpleParser(raw, { skipImageLinks: true });
  const file = path.join(database.dataDir, 'letter.json');
  await writeFile(file, JSON.stringify({ subject, text, html }));
  return file;
}

await session.connect();
const hub = await startHub(database, { port: 4794, cpu: 0, env: MAIL });
await writeDown();
// The first letters run code that nobody has compiled yet.
await byHub(hub);
say(`a letter of ${relay.last().length} bytes`);
const alone = await serve(path.join(import.meta.dirname, 'nodemailer.server.mjs'), {
  cpu: 0,
  env: {
    PORT: '4795',
    RELAY_PORT: String(relay.port),
    LETTERS: String(LETTERS),
    LETTER: await wordsOf(relay.last()),
  },
});
const byPeer = () => timed(alone.pid, () => fetch('http://127.0.0.1:4795', { method: 'POST' }));
await byPeer();

const [ours, theirs] = [[], []];
for (let round = 0; round < ROUNDS; round += 1) {
  ours.push(await byHub(hub));
  theirs.push(await byPeer());
  const [mine, its] = [ours.at(-1), theirs.at(-1)];
  say(`CPU a letter ${mine.cpu.toFixed(2)} and ${its.cpu.toFixed(2)} ms, last ${mine.last | 0} and ${its.last | 0} ms`);
}
const compared = (name, unit, field) =>
  report(
    `${LETTERS} letters: ${name} (P17)`,
    unit,
    ours.map((one) => one[field]),
    {
      [ALONE]: theirs.map((one) => one[field]),
    },
  );
compared('CPU of each', 'ms of CPU', 'cpu');
compared('to the first', 'ms', 'first');
compared('to the last', 'ms', 'last');
await alone.end();
await hub.end();

const counted = await countStatements(database);
const other = await startHub({ ...database, url: counted.url }, { port: 4796, cpu: 0, env: MAIL });
await byHub(other);
const approved = await approveAlert(other);
const before = counted.count();
await timed(other.pid, () => step(other, 'publishDossier', 'validator', approved));
report(`${LETTERS} letters: statements of each (P17)`, 'statements', [(counted.count() - before) / LETTERS], {});
await other.end();
await counted.end();
await session.end();
await database.end();
await relay.end();
process.exit(0);
