import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { PushSeal } from '../../../src/channels/push/envelope/push-seal.ts';
import { SenderKey } from '../../../src/channels/push/envelope/sender-keys.ts';
import { selfSigned } from '../../support/receivers/self-signed.ts';
import { cpuOf, report, say, serve } from '../harness.mjs';
import { approveAlert, startDatabase, startHub, step } from '../hub.mjs';

/**
 * How soon closed apps are pushed what was just published, and what each push costs a hub (P18): BENCH_READERS (100,000), of
 * whom a tenth is concerned, by one process on one core; the push service stands on another. `node push/run.mjs`; BENCH_TIMES
 * (5).
 */
const READERS = Number(process.env.BENCH_READERS ?? 100_000);
const TIMES = Number(process.env.BENCH_TIMES ?? 5);
const CONCERNED = Math.floor(READERS / 10);
const [HERE, ELSEWHERE] = ['91345', '91228'];
const PORT = 4797;

const certificate = await selfSigned('localhost');
const service = await serve(path.join(import.meta.dirname, 'service.mjs'), {
  cpu: 1,
  env: { CERTIFICATE: JSON.stringify(certificate) },
});
const { port: at } = JSON.parse(service.ready);

const database = await startDatabase();
const file = (name) => path.join(database.dataDir, name);
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const secret = randomBytes(32);
await writeFile(file('push-key.pem'), pem);
await writeFile(file('push-seal'), secret.toString('base64'));
await writeFile(file('authority.pem'), certificate.cert);
const hub = await startHub(database, {
  port: PORT,
  cpu: 0,
  env: {
    TOCSIN_PUSH_KEY: file('push-key.pem'),
    TOCSIN_PUSH_SEAL: file('push-seal'),
    TOCSIN_PUSH_SUBJECT: 'mailto:alerte@tocsin.example',
    TOCSIN_ALLOW_LOOPBACK: 'true',
    NODE_EXTRA_CA_CERTS: file('authority.pem'),
  },
});

/** Plants readers as the table holds them: all of one key pair, each with an endpoint of its own. */
async function plant(count, commune) {
  const seal = new PushSeal(secret);
  const reader = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const p256dh = Buffer.concat([Buffer.of(4), Buffer.from(reader.x, 'base64url'), Buffer.from(reader.y, 'base64url')]);
  const auth = randomBytes(16);
  const session = new pg.Client({ connectionString: database.url });
  await session.connect();
  for (let done = 0; done < count; done += 5_000) {
    const rows = Array.from({ length: Math.min(5_000, count - done) }, () => {
      const id = randomUUID();
      const endpoint = `https://localhost:${at}/${id}`;
      const service = seal.serviceOf(endpoint);
      return { id, digest: seal.digestOf(endpoint), sealed: seal.seal(id, { endpoint, p256dh, auth }), service };
    });
    await session.query(
      `insert into push_subscription (id, digest, sealed, key_id, service, communes, least, modes, language, secret_hash,
         created_at, renewed_at, confirmed_at, since, greeted, failed)
       select w.id, w.digest, w.sealed, $2, w.service, $3::text[], 0, '{ACTUAL}', 'fr-FR', '', now(), now(), now(),
         (select position from journal_head where id = 1), 1, 0
       from jsonb_to_recordset($1::jsonb) as w(id uuid, digest text, sealed text, service text)`,
      [JSON.stringify(rows), new SenderKey(pem).id, [commune]],
    );
  }
  await session.query('analyze push_subscription');
  await session.end();
}

const counted = (url = '/') =>
  new Promise((resolve, reject) => {
    get(`https://localhost:${at}${url}`, { ca: certificate.cert, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () => resolve(JSON.parse(text)));
    }).on('error', reject);
  });

async function publish() {
  const approved = await approveAlert(hub, { commune: HERE });
  const began = Date.now();
  await step(hub, 'publishDossier', 'validator', approved);
  return { began, took: Date.now() - began };
}

/** How long the mutation alone takes, while nobody is pushed anything. */
async function alone() {
  const took = [];
  for (let time = 0; time < 2 * TIMES; time += 1) took.push((await publish()).took);
  return took.slice(TIMES);
}

/** The longest turn of the hub's event loop since this was asked last, in milliseconds, its timer of 10 ms included. */
async function longestTurn() {
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  return 1000 * Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(metrics)?.[1]);
}

say(`${READERS} readers, ${CONCERNED} of them concerned`);
const unread = await alone();
await plant(CONCERNED, HERE);
await plant(READERS - CONCERNED, ELSEWHERE);
const [first, last, each, published, held] = [[], [], [], [], []];
for (let time = 0; time < TIMES + 1; time += 1) {
  await counted('/reset');
  await longestTurn();
  const before = cpuOf(hub.pid);
  const { began, took } = await publish();
  let now = await counted();
  while (now.pushes < CONCERNED) {
    await pause(100);
    now = await counted();
  }
  // The first one warms everything up.
  if (time === 0) continue;
  published.push(took);
  first.push(now.first - began);
  last.push(now.last - began);
  each.push((cpuOf(hub.pid) - before) / CONCERNED);
  held.push(await longestTurn());
}
report('publishDossier with readers, against none (P18)', 'ms', published, { 'no readers': unread });
report(`first push after publication, ${READERS} readers (P18)`, 'ms', first, {});
report(`last of ${CONCERNED} pushes after publication (P18)`, 'ms', last, {});
report('CPU of the hub a push (P18)', 'µs', each, {});
report('longest turn of the event loop (P18)', 'ms', held, {});
await hub.end();
await service.end();
await database.end();
