import { isDeepStrictEqual } from 'node:util';
import { fill } from './corpus.mjs';
import { isChosen, ROUNDS, report, say, serve } from './harness.mjs';
import { startDatabase, startHub } from './hub.mjs';
import { HOT_QUERY, HOT_QUERY_OF_TABLES } from './query/hot-query.mjs';
import { loadServer } from './query/load-server.mjs';
import { fillTables } from './query/tables.mjs';

/**
 * The hot query over HTTP POST, 64 connections, on 5,000 publications. `node query.mjs [kept|executed|all|addresses]`.
 * kept: the product from its kept bytes, beside bare node:http with the same bytes and the response caches of others.
 * executed: the product with nothing kept (a cookie passes its cache by), beside servers that read the same publications
 * from PostgreSQL. Every server has core 0, whoever asks core 1; each answers the same before anything is timed.
 * addresses: pages, feeds and maps in place of the hot query (query/addresses.mjs).
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const LIVE = Number(process.env.BENCH_LIVE ?? 5_000);
const [part = 'all'] = process.argv.slice(2);
if (part === 'addresses') {
  await import('./query/addresses.mjs');
  process.exit(0);
}
const KEPT = part !== 'executed';
const EXECUTED = part !== 'kept';
const COOKIE = 'Cookie: a=b\r\n';

const request = (body, headers = '') =>
  `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: application/json\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const bodyOf = (query) => JSON.stringify({ query });

const load = ({ query = HOT_QUERY, headers, ...server }) =>
  loadServer(server, request(bodyOf(query), headers), SECONDS);

async function ask(port, query) {
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: bodyOf(query),
  });
  return Buffer.from(await answer.arrayBuffer());
}

/** All values of an answer whatever they are called, in a fixed order. */
const values = (one) => (typeof one === 'object' && one !== null ? Object.values(one).flatMap(values) : [one]);
const sorted = (one) => values(one).map(String).sort();

const database = await startDatabase();
const filled = await fill(database, { live: LIVE });
const hub = { ...(await startHub(database, { port: 4890, cpu: 0 })), name: 'tocsin' };
await fillTables(database, hub);
const bytes = await ask(hub.port, HOT_QUERY);
const expected = JSON.parse(bytes);
say(`${filled.live} publications; an answer of ${bytes.length} bytes`);

const PEERS = [
  { name: 'bare node:http', program: 'bare', kept: true },
  { name: 'Apollo + response-cache plugin', program: 'peers/apollo', env: { CACHED: '1' }, kept: true },
  { name: 'Yoga + response cache', program: 'peers/yoga', env: { CACHED: '1' }, kept: true },
  { name: 'hand-written SQL in Fastify', program: 'peers/fastify-sql' },
  { name: 'Mercurius, JIT', program: 'peers/mercurius' },
  { name: 'Yoga + DataLoader', program: 'peers/yoga' },
  { name: 'PostGraphile 5', program: 'peers/postgraphile', query: HOT_QUERY_OF_TABLES },
  { name: 'Apollo + DataLoader', program: 'peers/apollo' },
  { name: 'MikroORM entities as GraphQL types', program: 'peers/entities' },
].filter(({ name, kept }) => (kept ? KEPT : EXECUTED) && isChosen(name));

const peers = [];
for (const [index, { program, env, ...peer }] of PEERS.entries()) {
  const port = 4900 + index;
  const server = await serve(`${import.meta.dirname}/query/${program}.server.mjs`, {
    env: {
      PORT: String(port),
      DATABASE_URL: database.url,
      ANSWER: bytes.toString('base64'),
      BODY: Buffer.from(bodyOf(HOT_QUERY)).toString('base64'),
      ...env,
    },
  });
  const answer = JSON.parse(await ask(port, peer.query ?? HOT_QUERY));
  // One that names things its own way is compared by its values.
  const isSame = peer.query ? isDeepStrictEqual(sorted(answer), sorted(expected)) : isDeepStrictEqual(answer, expected);
  if (!isSame) throw new Error(`${peer.name} answers something else: ${JSON.stringify(answer).slice(0, 1_000)}`);
  peers.push({ ...peer, ...server, port, results: [] });
}

const kept = [];
const executed = [];
for (let round = 0; round < ROUNDS; round += 1) {
  for (const of of [
    ...(KEPT ? [{ results: kept, ours: hub, theirs: peers.filter((peer) => peer.kept) }] : []),
    ...(EXECUTED
      ? [{ results: executed, ours: { ...hub, headers: COOKIE }, theirs: peers.filter((peer) => !peer.kept) }]
      : []),
  ]) {
    of.results.push(await load(of.ours));
    for (const peer of of.theirs) peer.results.push(await load(peer));
  }
  say(`round ${round + 1} of ${ROUNDS}`);
}
for (const peer of peers) await peer.end();
await hub.end();
await database.end();

const column = (results, key) => results.map((one) => one[key]);
for (const [bench, ours, theirs] of [
  ...(KEPT ? [['hot query, kept (P1)', kept, peers.filter((peer) => peer.kept)]] : []),
  ...(EXECUTED ? [['hot query, nothing kept (P2)', executed, peers.filter((peer) => !peer.kept)]] : []),
])
  for (const [key, unit] of [
    ['rate', 'requests/s'],
    ['cpu', 'µs of server CPU a request'],
  ])
    report(
      bench,
      unit,
      column(ours, key),
      Object.fromEntries(theirs.map((one) => [one.name, column(one.results, key)])),
    );
process.exit(0);
