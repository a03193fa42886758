import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fill } from '../corpus.mjs';
import { follow } from '../follower.mjs';
import { cpuOf, median } from '../harness.mjs';
import { startDatabase, startHub } from '../hub.mjs';
import { openJournal } from '../journal.mjs';
import { HOT_QUERY } from '../query/hot-query.mjs';

/** Publications that are in force, whatever the archive holds. */
const LIVE = 1_000;
/** Requests that count in a round, and those before: V8 compiles what has run a few hundred times. */
const TIMES = Number(process.env.BENCH_TIMES ?? 100);
const WARM = Number(process.env.BENCH_WARM ?? 500);

const PAST =
  '{ publications(where: { states: [ENDED] }, first: 20) { pageInfo { endCursor } nodes { id text { headline } } } }';
const PLACE = `{ publications(where: { states: [ENDED], communes: ["91345"] }, first: 20) { nodes { id text { headline } } } }`;
const COUNT = '{ publications(where: { states: [ENDED] }, first: 20) { totalCount } }';

/** A hub over a database with so many publications in its archive, and what is asked of it. */
export async function openArchive(archived, port) {
  const database = await startDatabase();
  await fill(database, { live: LIVE, archived });
  const hub = await startHub(database, { port, cpu: 0 });
  const journal = await openJournal(database);
  const { rows } = await journal.session.query(
    `select id, latest_entry_id from publication where announced = 'ENDED' order by revised_at limit 1`,
  );
  const { rows: live } = await journal.session.query(`select id from publication where announced = 'IN_FORCE' limit 1`);
  const { changes } = await hub.ask(null, '{ changes(first: 1) { endCursor } }');
  await journal.confirm(live[0].id, 100);
  while ((await hub.ask(null, '{ changes(first: 1) { endCursor } }')).changes.endCursor === changes.endCursor)
    await pause(20);
  const follower = await follow(port);
  const ask = async (query) => {
    const response = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      // A cookie passes the cache of answers by.
      headers: { 'content-type': 'application/json', cookie: 'a=b' },
      body: JSON.stringify({ query }),
    });
    const { errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
  };
  return {
    database,
    hub,
    works: {
      'hot query': () => ask(HOT_QUERY),
      'a page of the past': () => ask(PAST),
      'the past of a commune': () => ask(PLACE),
      'one publication of the past': () => ask(`{ publication(id: "${rows[0].id}") { id text { headline } } }`),
      'as of a moment': () =>
        ask(`{ publication(id: "${rows[0].id}", at: "2026-11-24T00:00:00+01:00") { id text { headline } } }`),
      '100 changes by cursor': () =>
        ask(`{ changes(after: "${changes.endCursor}", first: 100) { nodes { cursor type } } }`),
      'a change, delivered': () => Promise.all([once(follower, 'change'), journal.confirm(live[0].id)]),
      'counting the past': () => ask(COUNT),
    },
    async end() {
      follower.close();
      await journal.end();
      await hub.end();
      await database.end();
    },
  };
}

/** Median time (ms) and CPU of the hub (µs) of one piece of work, asked again and again. */
export async function measure({ hub, works }, name, times = TIMES) {
  const spent = [];
  const cpu = cpuOf(hub.pid);
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    await works[name]();
    spent.push(performance.now() - start);
  }
  return { time: median(spent), cpu: (cpuOf(hub.pid) - cpu) / times };
}

/** The same before anything counts. */
export const warm = (archive, name) => measure(archive, name, WARM);
