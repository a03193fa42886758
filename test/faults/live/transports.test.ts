import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { type EmbeddedDatabase, startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { openFolder, temporaryFolder } from '../../support/database/embedded.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { everyTransport, type Tokens } from '../../support/following/transports.ts';
import { FaultScene } from '../../support/hub/fault-scene.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';
import { inSeconds, startIssuer } from '../../support/hub/issuer.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';

/** Every transport goes through each fault at once, while changes come: each tells 1..n, each once, in order. */
const ROUNDS = Number(process.env.TEST_FAULT_ROUNDS ?? 3);
const PAUSE_SECONDS = Number(process.env.TEST_PAUSE_SECONDS ?? 2);

const folder = await openFolder();
let database: EmbeddedDatabase = await startEmbedded({ dataDir: folder, durable: false });
const { url: databaseUrl } = database;
const first = await startHub({ url: databaseUrl });
const { id: publication } = await publishNew(first);
await first.close();
afterAll(async () => {
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Everybody follows the hub at an address. */
const follow = (url: string, tokens?: Tokens): Promise<FaultScene> =>
  FaultScene.begin({ databaseUrl, publication, url, open: (proxy) => everyTransport(proxy, tokens) });

/** A hub in this process, closed after the test. */
async function hubHere(more: Partial<Parameters<typeof startHub>[0]> = {}): Promise<Hub> {
  const hub = await startHub({ url: databaseUrl, ...more });
  onTestFinished(() => hub.close());
  return hub;
}

it(`goes on where its connection was cut, ${ROUNDS} times`, async () => {
  const scene = await follow((await hubHere()).url);
  for (let round = 0; round < ROUNDS; round++) await scene.fault(() => scene.proxy.cut());
  await scene.check();
});

it(`goes on at the next hub when one ends, ${ROUNDS} times`, async () => {
  let hub = await hubHere();
  const scene = await follow(hub.url);
  for (let round = 0; round < ROUNDS; round++) {
    const next = await hubHere();
    scene.proxy.leadTo(next.url);
    await scene.fault(() => hub.close());
    hub = next;
  }
  await scene.check();
});

it(`goes on when the hub is killed and started again, ${ROUNDS} times`, async () => {
  const env = { PORT: '0', DATABASE_URL: databaseUrl, TOCSIN_DATA_DIR: await temporaryFolder(), TOCSIN_DEMO: 'false' };
  let hub = startHubProcess({ env });
  const scene = await follow(await addressOf(hub));
  for (let round = 0; round < ROUNDS; round++)
    await scene.fault(async () => {
      hub.process.kill('SIGKILL');
      await hub.ended;
      await scene.changes();
      hub = startHubProcess({ env });
      scene.proxy.leadTo(await addressOf(hub));
    });
  await scene.check();
});

it(`goes on while PostgreSQL restarts, ${ROUNDS} times`, async () => {
  const { url } = await hubHere();
  const scene = await follow(url);
  for (let round = 0; round < ROUNDS; round++) {
    await database.stop();
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
    database = await startEmbedded({ dataDir: folder, durable: false });
    await scene.changes();
  }
  await scene.check();
});

it(`comes back with a new token when its own ends, ${ROUNDS} times`, async () => {
  const issuer = await startIssuer();
  onTestFinished(() => issuer.close());
  const { url } = await hubHere({ oidc: { issuer: issuer.url, audience: issuer.audience } });
  const scene = await follow(url, () => issuer.token({ exp: inSeconds(2) }));
  await scene.until(({ connections }) => connections > ROUNDS);
  await scene.check();
});

it(`goes on after a pause of ${PAUSE_SECONDS} seconds`, async () => {
  const scene = await follow((await hubHere()).url);
  scene.proxy.fallSilent();
  await pause(PAUSE_SECONDS * 1_000);
  scene.proxy.hear();
  await scene.check();
}, 600_000);
