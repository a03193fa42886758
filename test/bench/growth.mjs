import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fill } from './corpus.mjs';
import { follow } from './follower.mjs';
import { cpuOf, median, ROUNDS, report, rssOf, say } from './harness.mjs';
import { startDatabase, startHub } from './hub.mjs';
import { openJournal } from './journal.mjs';
import { HOT_QUERY } from './query/hot-query.mjs';

/**
 * What queries and changes cost with 100,000 publications in the archive, beside 1,000 (P10); 1,000 are live in both.
 * `node growth.mjs`; BENCH_SMALL, BENCH_LARGE, BENCH_TIMES (200) of each in a round.
 */
const SMALL = Number(process.env.BENCH_SMALL ?? 1_000);
const LARGE = Number(process.env.BENCH_LARGE ?? 100_000);
const TIMES = Number(process.env.BENCH_TIMES ?? 200);
const LIVE = 1_000;

const PAST =
  '{ publications(where: { states: [ENDED] }, first: 20) { pageInfo { endCursor } nodes { id text { headline } } } }';
const PLACE = `{ publications(where: { states: [ENDED], communes: ["91345"] }, first: 20) { nodes { id text { headline } } } }`;
const COUNT = '{ publications(where: { states: [ENDED] }, first: 20) { totalCount } }';

async function build(archived, port) {
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

const small = await build(SMALL, 4760);
const large = await build(LARGE, 4761);
const size = ({ hub }) => `${Math.round(rssOf(hub.pid) / 1024)} MiB`;
say(`resident memory: ${size(small)} with ${SMALL} in the archive, ${size(large)} with ${LARGE}`);

const results = Object.fromEntries(Object.keys(small.works).map((name) => [name, { small: [], large: [] }]));
for (let round = -1; round < ROUNDS; round += 1)
  for (const name of Object.keys(results))
    for (const [key, one] of Object.entries({ small, large })) {
      const times = [];
      const cpu = cpuOf(one.hub.pid);
      for (let time = 0; time < TIMES; time += 1) {
        const start = performance.now();
        await one.works[name]();
        times.push(performance.now() - start);
      }
      // The first round warms up.
      if (round >= 0) results[name][key].push({ time: median(times), cpu: (cpuOf(one.hub.pid) - cpu) / TIMES });
    }
await small.end();
await large.end();
for (const [name, { small, large }] of Object.entries(results))
  for (const [key, unit] of [
    ['time', 'ms'],
    ['cpu', 'µs of CPU'],
  ])
    report(
      `growth: ${name} (P10), ${LARGE} archived`,
      unit,
      large.map((one) => one[key]),
      {
        [`${SMALL} archived`]: small.map((one) => one[key]),
      },
    );
process.exit(0);
