import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { clusterOf, kill, openFolder } from '../../support/database/embedded.ts';
import { Writers } from '../../support/desk/writers.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

/** How often PostgreSQL is killed under a hub while people write and follow; TEST_OUTAGES=100 for a long run. */
const ROUNDS = Number(process.env.TEST_OUTAGES ?? 3);
const WRITERS = 6;

const dataDir = await openFolder();
const database = await startEmbedded({ dataDir });
const hub = await startHub({ url: database.url });
afterAll(async () => {
  await hub.close();
  await database.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const postmaster = async (): Promise<number> =>
  Number.parseInt(await readFile(path.join(clusterOf(dataDir), 'postmaster.pid'), 'utf8'), 10);

it(`outlives ${ROUNDS} deaths of PostgreSQL in the midst of writing; nothing is lost, nothing comes twice, all in order (D-1)`, async () => {
  const writers = new Writers(database.url, () => tokens.editor);
  await writers.prepare(WRITERS);
  const follower = new Follower(hub.url);
  await follower.ready();
  for (let round = 0; round < ROUNDS; round++) {
    const victim = await postmaster();
    const enough = 1 + Math.floor(Math.random() * 40);
    await writers.write({ url: hub.url, enough, end: () => kill(victim) });
    const settled = () => writers.settle(hub.url).then(() => 'settled', String);
    await expect.poll(settled).toBe('settled');
  }
  const journal = await writers.inJournal();
  expect([...journal].sort()).toEqual([...writers.told].sort());
  // The closures themselves were published by another hub, and may reach this one after its follower came.
  const notes = () => follower.heard.filter(({ type }) => type === 'OBSERVED');
  await follower.until(() => notes().length >= journal.length);
  expect(notes()).toHaveLength(journal.length);
  expect(new Set(follower.heard.map(({ cursor }) => cursor)).size).toBe(follower.heard.length);
  expect(follower.errors).toEqual([]);
  await follower.stop();
}, 900_000);
