import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { WebSocket } from 'ws';
import { QUERY } from './fanout/change.mjs';
import { median, ROUNDS, report, say } from './harness.mjs';
import { change, publishAlert, startDatabase, startHub } from './hub.mjs';
import { openJournal } from './journal.mjs';

/**
 * From a commit in one process to its delivery by another one (P8), beside the bare thing: two `pg` clients, of which one
 * commits the same row with a NOTIFY, and the other one, told by LISTEN, reads it. Also from a mutation at one hub to the
 * delivery by another. `node publish.mjs`; BENCH_TIMES (200) of each in a round.
 */
const TIMES = Number(process.env.BENCH_TIMES ?? 200);
const REST_MS = 3;

const database = await startDatabase();
const writer = await startHub(database, { port: 4780, cpu: 0 });
const other = await startHub(database, { port: 4781, cpu: 0 });
const dossier = await publishAlert(writer);
const journal = await openJournal(database);

/** Resolves at the next change that a follower of the other hub is told. */
const follower = await follow(other.port);
const told = () => once(follower, 'change');

const waiting = new pg.Client({ connectionString: database.url });
await waiting.connect();
await journal.session.query('create table bare_row (like journal_entry)');
await waiting.query('listen bare');
const read = async () => {
  const [{ payload }] = await once(waiting, 'notification');
  const { rows } = await waiting.query({
    name: 'read',
    text: 'select * from bare_row where id = $1',
    values: [payload],
  });
  return rows[0].document;
};
const BARE = {
  name: 'bare',
  text: `with made as (
      insert into bare_row select gen_random_uuid(), 1, e.subject, 'VERIFIED', now(), '{verifiedAt}', false, e.document
      from (select * from journal_entry where subject = $1 order by position desc limit 1) e returning id)
    select pg_notify('bare', id::text) from made`,
  values: [dossier.id],
};
await journal.session.query('create index on bare_row (id)');

const contenders = {
  'commit to delivery': () => [told(), journal.confirm(dossier.id)],
  'pg, commit to row read': () => [read(), journal.session.query(BARE)],
  'mutation to delivery': () => [told(), change(writer, dossier)],
};

const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, go] of Object.entries(contenders)) {
    const times = [];
    for (let time = 0; time < TIMES; time += 1) {
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
const { 'pg, commit to row read': bare, ...ours } = results;
for (const [name, values] of Object.entries(ours))
  report(`publish: ${name} (P8)`, 'ms, p50', values, { 'pg alone': bare });
process.exit(0);

/** A follower of every change, standing. */
async function follow(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  const standing = once(socket, 'standing');
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(data);
    if (type === 'connection_ack')
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }));
    if (type === 'next') socket.emit(payload.data.changes.type === 'CHECKPOINT' ? 'standing' : 'change');
  });
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await standing;
  return socket;
}
