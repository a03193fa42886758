import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cpuOf, pinned, ROUNDS, report, say, serve } from './harness.mjs';
import { publishAlert, startDatabase, startHub } from './hub.mjs';

/**
 * The hot query (20 alerts with texts, areas and advice) over HTTP POST, 64 connections: the product from its kept bytes
 * and with nothing kept (a cookie passes them by), beside bare node:http with the same bytes. `node query.mjs`.
 */
const CONNECTIONS = 64;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const QUERY = `{ alerts(first: 20) { totalCount asOf nodes { id revision revisedAt severity urgency certainty vigilance state url
  hazard { code label } text { headline description instruction } areas { description communes { code name } }
  communes { code name } advice { id text { headline description } dos donts } } } }`;
const BODY = JSON.stringify({ query: QUERY });

const request = (headers = '') =>
  `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: application/json\r\n${headers}Content-Length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`;

async function load({ port, pid }, headers) {
  const order = {
    port,
    connections: CONNECTIONS,
    seconds: SECONDS,
    request: Buffer.from(request(headers)).toString('base64'),
  };
  const [file, ...args] = pinned([process.execPath, `${import.meta.dirname}/query/load.mjs`, JSON.stringify(order)], 1);
  const cpu = cpuOf(pid);
  const { stdout } = await promisify(execFile)(file, args);
  const { answers } = JSON.parse(stdout);
  return { rate: answers, cpu: (cpuOf(pid) - cpu) / (answers * SECONDS) };
}

const database = await startDatabase();
const hub = await startHub(database, { port: 4890, cpu: 0 });
for (let index = 0; index < 20; index += 1) await publishAlert(hub);
const answer = await fetch(`${hub.url}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: BODY,
});
const bytes = Buffer.from(await answer.arrayBuffer());
say(`an answer of ${bytes.length} bytes`);
const bare = {
  port: 4891,
  ...(await serve(`${import.meta.dirname}/query/bare.server.mjs`, {
    env: { PORT: '4891', ANSWER: bytes.toString('base64'), BODY: Buffer.from(BODY).toString('base64') },
  })),
};
const results = { kept: [], bare: [], executed: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  results.kept.push(await load(hub));
  results.bare.push(await load(bare));
  results.executed.push(await load(hub, 'Cookie: a=b\r\n'));
}
await bare.end();
await hub.end();
await database.end();
const column = (name, key) => results[name].map((one) => one[key]);
for (const [key, unit] of [
  ['rate', 'requests/s'],
  ['cpu', 'µs of server CPU a request'],
])
  report('hot query (P1)', unit, column('kept', key), {
    'bare node:http': column('bare', key),
    'nothing kept': column('executed', key),
  });
process.exit(0);
