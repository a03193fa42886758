import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { encodeCursor } from '../../../src/journal/cursor.rules.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import type { CrowdOptions, CrowdQuestion } from '../../support/following/crowd.ts';
import { delaysOf, metric, Reader } from '../../support/following/reader.ts';
import { startHub } from '../../support/hub/hub.ts';
import { headOf, JournalPump } from '../../support/hub/journal-pump.ts';
import { confirmOften } from '../../support/hub/many-entries.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';
import { tell } from '../../support/tell.ts';

const BEHIND = Number(process.env.TEST_BEHIND ?? 200);
const READERS = 20;
/** What each of those who are behind has to hear first: of some 2 kB each. */
const ENTRIES = 400;
/** Transactions of the pump before they come, for the figures to compare with. */
const BEFORE = 100;
/** How much longer than before the hub may do nothing else, and others wait, in seconds: much, since tests share a machine. */
const LONGEST_LAG = 1;
/** Or as large a part of the time that all of them together take, where the machine lets that be long. */
const LARGEST_PART = 0.1;

const CROWD = new URL('../../support/following/crowd.ts', import.meta.url);

const { url: databaseUrl } = await testDatabase();
const epochOf = () =>
  withSession(databaseUrl, async (session) => (await session.query('select epoch from journal_head')).rows[0].epoch);

it(`tells ${BEHIND} who come back what they missed, and lets nobody else wait for it`, async () => {
  const text = { language: 'fr-FR', headline: 'L’Yvette déborde', description: 'inondé '.repeat(250) };
  const desk = await startHub({ url: databaseUrl });
  const large = await publishNew(desk, 'Alert', alertInput({ texts: [{ ...text, instruction: 'Montez.' }] }));
  const small = await publishNew(desk, 'Event');
  await desk.close();
  const env = { PORT: '0', DATABASE_URL: databaseUrl, TOCSIN_DATA_DIR: await temporaryFolder(), TOCSIN_DEMO: 'false' };
  const url = await addressOf(startHubProcess({ env }));
  const from = await headOf(databaseUrl);
  await confirmOften(databaseUrl, large.id, ENTRIES);
  const start = await headOf(databaseUrl);
  await expect.poll(() => metric(url, 'tocsin_journal_position')).toBe(start);

  const readers = Array.from({ length: READERS }, () => new Reader(url, { returns: true }));
  const pump = new JournalPump(databaseUrl, small.id).start();
  let crowd: Worker | undefined;
  onTestFinished(async () => {
    await pump.stop();
    for (const reader of readers) reader.end();
    await crowd?.terminate();
  });
  await pump.more(BEFORE);
  const before = delaysOf(readers);
  // What prom-client tells is of the time since it was asked last.
  const usual = await metric(url, 'nodejs_eventloop_lag_max_seconds');

  const began = performance.now();
  const after = encodeCursor({ epoch: await epochOf(), position: from });
  crowd = new Worker(CROWD, { workerData: { url, after, count: BEHIND } satisfies CrowdOptions });
  const heardUntil = async (until: number): Promise<number[][]> => {
    crowd?.postMessage({ until } satisfies CrowdQuestion);
    return (await once(crowd as Worker, 'message'))[0];
  };
  await heardUntil(start);
  const lag = await metric(url, 'nodejs_eventloop_lag_max_seconds');
  const seconds = (performance.now() - began) / 1000;
  const during = delaysOf(readers);

  await pump.more(1);
  const head = await pump.stop();
  const behind = await heardUntil(head);
  await expect.poll(() => readers.filter(({ positions }) => positions.at(-1) !== head).length).toBe(0);
  const numbers = Array.from({ length: head - from }, (_, index) => from + 1 + index);
  expect(behind).toHaveLength(BEHIND);
  for (const positions of behind) expect(positions).toEqual(numbers);
  for (const { positions } of readers) expect(positions).toEqual(numbers.slice(-positions.length));
  tell(
    `${BEHIND} who missed ${ENTRIES} changes were told them in ${seconds.toFixed(1)} s; the ${READERS} others waited ` +
      `${before.join(' / ')} ms before (median / p99), ${during.join(' / ')} ms meanwhile; the hub did nothing else for ${Math.round(lag * 1000)} ms at most`,
  );
  const part = seconds * LARGEST_PART;
  expect(lag).toBeLessThan(Math.max(usual + LONGEST_LAG, part));
  expect(during[1]).toBeLessThan(Math.max(before[1] / 1000 + LONGEST_LAG, part) * 1000);
});
