import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { editorOf, Writers } from '../../support/desk/writers.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';

/** How often a hub is told to end while people write and follow; TEST_DRAINS=100 for a long run. */
const ROUNDS = Number(process.env.TEST_DRAINS ?? 4);
const WRITERS = 6;
const FOLLOWERS = 10;

const { url: databaseUrl } = await testDatabase();
const ENVIRONMENT = {
  PORT: '0',
  DATABASE_URL: databaseUrl,
  TOCSIN_DEMO: 'false',
  TOCSIN_DRAIN_SECONDS: '1',
  TOCSIN_LOG_LEVEL: 'warn',
};

async function follow(url: string): Promise<{ ended: Promise<number> }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  const ended = once(socket, 'close').then(([code]) => Number(code));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  const query = 'subscription { changes { cursor } }';
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  await once(socket, 'message');
  return { ended };
}

const listen = async (url: string): Promise<Promise<string>> =>
  (await fetch(`${url}/graphql/stream?query=${encodeURIComponent('subscription { changes { cursor } }')}`)).text();

it(`ends ${ROUNDS} times under load with exit code 0; no mutation fails, and each has its effect once`, async () => {
  const dataDir = await temporaryFolder();
  const writers = new Writers(databaseUrl, editorOf(dataDir));
  await writers.prepare(WRITERS);
  for (let round = 0; round < ROUNDS; round++) {
    // One process, and two workers, in turn.
    const workers = String(1 + (round % 2));
    const hub = startHubProcess({ env: { ...ENVIRONMENT, TOCSIN_DATA_DIR: dataDir, TOCSIN_WORKERS: workers } });
    const url = await addressOf(hub);
    const followers = await Promise.all(Array.from({ length: FOLLOWERS }, () => follow(url)));
    const stream = listen(url);
    const enough = 1 + Math.floor(Math.random() * 40);
    await writers.write({ url, enough, end: () => hub.process.kill('SIGTERM') });
    expect(await hub.ended, hub.printed()).toBe(0);
    expect(new Set(await Promise.all(followers.map(({ ended }) => ended)))).toEqual(new Set([1012]));
    expect((await stream).match(/^retry: \d+$/gm)).toHaveLength(2);
    // Nothing was done whose writer was not told.
    expect((await writers.inJournal()).sort()).toEqual([...writers.told].sort());
  }
}, 900_000);
