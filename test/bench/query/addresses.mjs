import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { fill } from '../corpus.mjs';
import { ROUNDS, report, say, serve } from '../harness.mjs';
import { startDatabase, startHub } from '../hub.mjs';
import { loadServer } from './load-server.mjs';

/**
 * What is at public addresses, over HTTP GET, 64 connections, beside bare node:http with the same bytes and headers (P12); each
 * plain and compressed. `node query.mjs addresses`; BENCH_LIVE (100) publications. Servers have core 0, whoever asks has core 1.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const LIVE = Number(process.env.BENCH_LIVE ?? 100);
const ENCODINGS = ['identity', 'br'];

const request = (address, encoding) => `GET ${address} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ${encoding}\r\n\r\n`;

/** An address as the hub answers it: the head as the peer is to write it, and the bytes as they came. */
async function answerOf(address, encoding) {
  const { stdout } = await promisify(execFile)(
    'curl',
    ['-s', '-i', '-H', `Accept-Encoding: ${encoding}`, `${hub.url}${address}`],
    { encoding: 'buffer', maxBuffer: 64 * 2 ** 20 },
  );
  const end = stdout.indexOf('\r\n\r\n');
  const [status, ...lines] = stdout.subarray(0, end).toString('latin1').split('\r\n');
  if (!status.includes(' 200')) throw new Error(`${address}: ${status}`);
  const head = lines
    .map((line) => line.split(/: (.*)/s).slice(0, 2))
    .filter(([name]) => !/^(date|connection|keep-alive)$/i.test(name));
  return { head: head.flat(), body: stdout.subarray(end + 4).toString('base64') };
}

const database = await startDatabase();
await fill(database, { live: LIVE });
const hub = await startHub(database, { port: 4790, cpu: 0 });
const { alerts } = await hub.ask(null, '{ alerts(first: 1) { nodes { id } } }');
const [{ id }] = alerts.nodes;
const ADDRESSES = {
  'the page': '/',
  'the page of a commune': '/?commune=91345',
  'a permalink': `/publications/${id}`,
  'a feed': '/feeds/publications.rss',
  'the map': '/geo/alerts.geojson',
};
// A feed in its first second has no date yet, and is not kept.
await new Promise((resolve) => setTimeout(resolve, 1_500));
const answers = {};
for (const address of Object.values(ADDRESSES))
  for (const encoding of ENCODINGS) {
    await answerOf(address, encoding);
    answers[`${encoding} ${address}`] = await answerOf(address, encoding);
  }
const file = path.join(database.dataDir, 'answers.json');
await writeFile(file, JSON.stringify(answers));
const bare = await serve(`${import.meta.dirname}/addresses.server.mjs`, {
  env: { PORT: '4791', ANSWERS: file },
});
const servers = { ours: hub, theirs: { ...bare, port: 4791 } };
for (const [name, address] of Object.entries(ADDRESSES))
  for (const encoding of ENCODINGS) {
    const results = { ours: [], theirs: [] };
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [key, server] of Object.entries(servers))
        results[key].push(await loadServer(server, request(address, encoding), SECONDS));
    const size = Buffer.from(answers[`${encoding} ${address}`].body, 'base64').length;
    const column = (side, key) => results[side].map((one) => one[key]);
    for (const [key, unit] of [
      ['rate', 'requests/s'],
      ['cpu', 'µs of server CPU a request'],
    ])
      report(`${name}, ${encoding}, ${size} bytes (P12)`, unit, column('ours', key), {
        'bare node:http': column('theirs', key),
      });
    say(`${name}, ${encoding}`);
  }
await bare.end();
await hub.end();
await database.end();
