import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { resuming } from '../../../src/client/resuming.ts';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { editorOf, Writers } from '../../support/desk/writers.ts';
import { CHANGES, everyTransport, Listener, sinkOf } from '../../support/following/transports.ts';
import { FaultScene } from '../../support/hub/fault-scene.ts';
import { startHub } from '../../support/hub/hub.ts';
import { addressOf, type StartedHub, startHubProcess } from '../../support/hub/started-hub.ts';

/** How often one of two hubs is killed under load; TEST_KILLS=500 for a long run. */
const ROUNDS = Number(process.env.TEST_KILLS ?? 3);
const WRITERS = 4;
/** How many of those there are who know both hubs, and so need no proxy to lead them to the other. */
const WHO_KNOW_BOTH = 6;

const { url: databaseUrl } = await testDatabase();

/** A client that is told both addresses, and tries the other whenever it has to come back. */
function knowsBoth(number: number, urls: string[]): Listener {
  const listener = new Listener(`follower ${number} of both hubs`);
  let turn = number;
  const client = createClient({
    url: () => `${urls[turn++ % 2]?.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: () => pause(50),
    on: { connected: listener.connected },
  });
  listener.stop = () => client.dispose();
  resuming(client, { onResync: ({ cursor }) => listener.errors.push(cursor) }).subscribe(
    { query: CHANGES },
    sinkOf(listener),
  );
  return listener;
}

it(`of two hubs one is killed, ${ROUNDS} times: its followers go on at the other, with nothing lost and all in order`, async () => {
  const first = await startHub({ url: databaseUrl });
  const { id: publication } = await publishNew(first);
  await first.close();
  const dataDir = await temporaryFolder();
  const writers = new Writers(databaseUrl, editorOf(dataDir));
  await writers.prepare(WRITERS);
  const start = (port = '0') =>
    startHubProcess({
      env: { PORT: port, DATABASE_URL: databaseUrl, TOCSIN_DATA_DIR: dataDir, TOCSIN_DEMO: 'false' },
    });
  const hubs: [StartedHub, StartedHub] = [start(), start()];
  const urls: [string, string] = [await addressOf(hubs[0]), await addressOf(hubs[1])];
  const scene = await FaultScene.begin({
    databaseUrl,
    publication,
    url: urls[0],
    open: (proxy) => [
      ...everyTransport(proxy),
      ...Array.from({ length: WHO_KNOW_BOTH }, (_, number) => knowsBoth(number, urls)),
    ],
  });
  for (let round = 0; round < ROUNDS; round++) {
    const [victim, other] = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    const end = () => {
      scene.proxy.leadTo(urls[other]);
      hubs[victim].process.kill('SIGKILL');
    };
    await writers.write({ url: urls[victim], enough: 20, end });
    await hubs[victim].ended;
    // Everybody is at the hub that is left, and nothing is missing.
    await writers.settle(urls[other]);
    await scene.changes();
    await scene.until(({ positions }) => (positions.at(-1) ?? 0) >= heardAt(scene));
    hubs[victim] = start(new URL(urls[victim]).port);
    await addressOf(hubs[victim]);
  }
  expect((await writers.inJournal()).sort()).toEqual([...writers.told].sort());
  expect(await scene.check()).toBeGreaterThan(writers.told.length);
});

/** The last position that anybody has heard. */
const heardAt = ({ listeners }: FaultScene): number =>
  Math.max(...listeners.map(({ positions }) => positions.at(-1) ?? 0));
