import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { follow } from '../follower.mjs';
import { median, ROUNDS, report, say } from '../harness.mjs';
import { change, publishAlert, startDatabase, startHub } from '../hub.mjs';
import { openJournal } from '../journal.mjs';

/**
 * From a commit in one process to its delivery by another one (P8), beside the bare thing: two `pg` clients, of which one
 * commits the same row and notifies, and the other one, told by LISTEN, reads it. All are timed from the moment at which
 * COMMIT is sent. The bare row is written to the journal itself, where its position is stamped within the commit, or to a
 * table without triggers; it is notified after the commit, as hubs do, since inside it all commits share a lock, or
 * inside all the same. Also from a mutation, sent to one hub, to the delivery by another. BENCH_TIMES (200) of each in a
 * round.
 */
const TIMES = Number(process.env.BENCH_TIMES ?? 200);
const REST_MS = 3;

const database = await startDatabase();
const writer = await startHub(database, { port: 4780, cpu: 1 });
const other = await startHub(database, { port: 4781, cpu: 0 });
const dossier = await publishAlert(writer);
const journal = await openJournal(database);

/** Resolves at the next change that a follower of the other hub is told. */
const follower = await follow(other.port);
const told = () => once(follower, 'change');

const { session } = journal;
const waiting = new pg.Client({ connectionString: database.url });
await waiting.connect();
await session.query('create table bare_row (like journal_entry including defaults)');
await session.query('create index on bare_row (id)');
await session.query('create index on bare_row (position)');
await waiting.query('listen bare');
const TABLES = { journal: 'journal_entry', table: 'bare_row' };
const read = async (table) => {
  const [{ payload }] = await once(waiting, 'notification');
  const { rows } = await waiting.query({
    name: `read ${table}`,
    text: `select * from ${TABLES[table]} where id = $1`,
    values: [payload],
  });
  return rows[0].document;
};

/** Writes a row, and answers how to commit it. */
async function bare(table, isInside) {
  await session.query('begin');
  const { rows } = await session.query({
    name: `write ${table}`,
    text: `insert into ${TABLES[table]} (id, position, subject, type, at, changed_fields, ring, document)
           select gen_random_uuid(), null, e.subject, 'VERIFIED', now(), '{verifiedAt}', false, e.document
           from (select * from journal_entry where subject = $1 order by position desc limit 1) e returning id`,
    values: [dossier.id],
  });
  const notify = `notify bare, '${rows[0].id}'`;
  if (isInside) await session.query(notify);
  return async () => {
    await session.query('commit');
    if (!isInside) await session.query(notify);
  };
}

/** pg alone; the hubs find what was written to the journal without their doorbell at their next poll. */
const alone = (table, isInside) => async () => {
  const commit = await bare(table, isInside);
  return () => [read(table), commit()];
};

// Each prepares, and answers what is timed: what to await, and what sets it off.
const contenders = {
  'commit to delivery': async () => {
    const commit = await journal.prepare(dossier.id);
    return () => [told(), commit()];
  },
  'pg alone, the journal, notified after the commit': alone('journal', false),
  'pg alone, a bare table, notified after the commit': alone('table', false),
  'pg alone, a bare table, notified inside': alone('table', true),
  'mutation to delivery': async () => () => [told(), change(writer, dossier)],
};

// A hub that has just started runs code that nobody has compiled yet.
for (let time = 0; time < TIMES; time += 1) {
  const arrived = told();
  await journal.confirm(dossier.id);
  await arrived;
}

const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, prepare] of Object.entries(contenders)) {
    const times = [];
    for (let time = 0; time < TIMES; time += 1) {
      const go = await prepare();
      const start = performance.now();
      const [arrived, done] = go();
      await arrived;
      times.push(performance.now() - start);
      await done;
      await pause(REST_MS);
    }
    results[name].push(median(times));
    say(`${name}: p50 ${median(times).toFixed(2)} ms`);
  }
follower.close();
await waiting.end();
await journal.end();
await other.end();
await writer.end();
await database.end();
const peers = Object.fromEntries(Object.entries(results).filter(([name]) => name.startsWith('pg alone')));
report('publish: commit to delivery (P8)', 'ms, p50', results['commit to delivery'], peers);
report('publish: mutation to delivery', 'ms, p50', results['mutation to delivery'], peers);
