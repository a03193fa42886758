import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { type EmbeddedDatabase, startEmbedded } from '../../src/database/embedded.ts';
import { publishNew } from '../support/desk.ts';
import { openFolder, temporaryFolder } from '../support/embedded.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { type Hub, startHub } from '../support/hub.ts';
import { inSeconds, startIssuer } from '../support/issuer.ts';
import { headOf, JournalPump } from '../support/journal-pump.ts';
import { addressOf, startHubProcess } from '../support/started-hub.ts';
import { everyTransport, type Listener, type Tokens } from '../support/transports.ts';

/** Every transport goes through each fault at once, while changes come: each tells 1..n, each once, in order. */
const ROUNDS = Number(process.env.TEST_FAULT_ROUNDS ?? 3);
const PAUSE_SECONDS = Number(process.env.TEST_PAUSE_SECONDS ?? 2);
/** Commits between two faults. */
const BETWEEN = 15;

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

interface Scene {
  proxy: FaultProxy;
  pump: JournalPump;
  listeners: Listener[];
  /** Ends the scene: everybody has heard everything that was committed, each change once, in order. */
  check(): Promise<void>;
}

/** Everybody follows the hub at an address, through a proxy, and the pump runs. */
async function scene(url: string, tokens?: Tokens): Promise<Scene> {
  const from = await headOf(databaseUrl);
  const proxy = await FaultProxy.to(url);
  const listeners = everyTransport(proxy.url, tokens);
  const pump = new JournalPump(databaseUrl, publication);
  onTestFinished(async () => {
    await pump.stop();
    await Promise.all(listeners.map((listener) => listener.end()));
    await proxy.close();
  });
  await expect.poll(() => waiting(listeners, ({ cursor }) => cursor !== null), { timeout: 10_000 }).toEqual([]);
  pump.start();
  await pump.more(BETWEEN);
  const check = async () => {
    await pump.more(BETWEEN);
    const head = await pump.stop();
    const all = Array.from({ length: head - from }, (_, index) => from + 1 + index);
    const behind = () => waiting(listeners, ({ positions }) => positions.at(-1) === head);
    await expect.poll(behind, { timeout: 30_000 }).toEqual([]);
    for (const { name, positions, errors } of listeners) {
      expect(positions, name).toEqual(all);
      expect(errors, name).toEqual([]);
    }
  };
  return { proxy, pump, listeners, check };
}

const waiting = (listeners: Listener[], until: (listener: Listener) => boolean): string[] =>
  listeners.filter((listener) => !until(listener)).map(({ name }) => name);

/** Everybody has come back since they had made so many connections. */
const back = (listeners: Listener[], before: number[]) =>
  expect
    .poll(() => listeners.filter(({ connections }, index) => connections <= before[index]!).map(({ name }) => name), {
      timeout: 30_000,
    })
    .toEqual([]);

const connectionsOf = (listeners: Listener[]): number[] => listeners.map(({ connections }) => connections);

/** A hub in this process, closed after the test. */
async function hubHere(more: Partial<Parameters<typeof startHub>[0]> = {}): Promise<Hub> {
  const hub = await startHub({ url: databaseUrl, ...more });
  onTestFinished(() => hub.close());
  return hub;
}

it(`goes on where its connection was cut, ${ROUNDS} times`, async () => {
  const hub = await hubHere();
  const { proxy, pump, listeners, check } = await scene(hub.url);
  for (let round = 0; round < ROUNDS; round++) {
    const before = connectionsOf(listeners);
    proxy.cut();
    await pump.more(BETWEEN);
    await back(listeners, before);
  }
  await check();
});

it(`goes on at the next hub when one ends, ${ROUNDS} times`, async () => {
  let hub = await hubHere();
  const { proxy, pump, listeners, check } = await scene(hub.url);
  for (let round = 0; round < ROUNDS; round++) {
    const before = connectionsOf(listeners);
    const next = await hubHere();
    proxy.leadTo(next.url);
    await hub.close();
    hub = next;
    await pump.more(BETWEEN);
    await back(listeners, before);
  }
  await check();
});

it(`goes on at the next hub when one is killed, ${ROUNDS} times`, async () => {
  const env = { PORT: '0', DATABASE_URL: databaseUrl, TOCSIN_DATA_DIR: await temporaryFolder(), TOCSIN_DEMO: 'false' };
  let hub = startHubProcess({ env });
  const { proxy, pump, listeners, check } = await scene(await addressOf(hub));
  for (let round = 0; round < ROUNDS; round++) {
    const before = connectionsOf(listeners);
    hub.process.kill('SIGKILL');
    await hub.ended;
    await pump.more(BETWEEN);
    hub = startHubProcess({ env });
    proxy.leadTo(await addressOf(hub));
    await back(listeners, before);
  }
  await check();
});

it(`goes on while PostgreSQL restarts, ${ROUNDS} times`, async () => {
  const hub = await hubHere();
  const { pump, check } = await scene(hub.url);
  for (let round = 0; round < ROUNDS; round++) {
    await database.stop();
    await expect.poll(async () => (await fetch(`${hub.url}/readyz`)).status, { timeout: 10_000 }).toBe(503);
    database = await startEmbedded({ dataDir: folder, durable: false });
    await pump.more(BETWEEN);
  }
  await check();
});

it(`comes back with a new token when its own ends, ${ROUNDS} times`, async () => {
  const issuer = await startIssuer();
  onTestFinished(() => issuer.close());
  const hub = await hubHere({ oidc: { issuer: issuer.url, audience: issuer.audience } });
  const { listeners, check } = await scene(hub.url, () => issuer.token({ exp: inSeconds(2) }));
  await expect
    .poll(() => waiting(listeners, ({ connections }) => connections > ROUNDS), { timeout: 60_000 })
    .toEqual([]);
  await check();
});

it(`goes on after a pause of ${PAUSE_SECONDS} seconds`, async () => {
  const hub = await hubHere();
  const { proxy, check } = await scene(hub.url);
  proxy.fallSilent();
  await pause(PAUSE_SECONDS * 1_000);
  proxy.hear();
  await check();
}, 600_000);
