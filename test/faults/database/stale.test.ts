import { rm } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { type EmbeddedDatabase, startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { openFolder } from '../../support/database/embedded.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const dataDir = await openFolder();
const start = () => startEmbedded({ dataDir, durable: false });
let database: EmbeddedDatabase = await start();
const hub = await startHub({ url: database.url });
afterAll(async () => {
  await hub.close();
  await database.stop();
  await rm(dataDir, { recursive: true, force: true });
});

type Answers = Record<string, { stale: boolean; nodes?: object[] }>;
/** Every answer from what is public that says which position it shows. */
const ANSWERS = `query ($after: Cursor) {
  situation(place: { commune: "91345" }) { stale }
  alerts { stale nodes { id } }
  publications { stale nodes { id } }
  socialPosts(network: MASTODON) { stale nodes { text } }
  changes(after: $after) { stale nodes { cursor } }
}`;

it('every public answer says whether the database is away, and goes on answering (D-5)', async () => {
  const { situation } = await hub
    .as()
    .request<{ situation: { asOf: string } }>('{ situation(place: { commune: "91345" }) { asOf } }');
  await publishNew(hub);
  const ask = () => hub.as().request<Answers>(ANSWERS, { after: situation.asOf });
  const stale = async () => Object.entries(await ask()).map(([name, answer]) => [name, answer.stale]);
  const names = ['situation', 'alerts', 'publications', 'socialPosts', 'changes'];
  const all = (is: boolean) => names.map((name) => [name, is]);

  expect(await stale()).toEqual(all(false));
  await database.stop();
  await expect.poll(stale).toEqual(all(true));
  for (const { nodes = ['the situation has none'] } of Object.values(await ask())) expect(nodes).toHaveLength(1);
  database = await start();
  await expect.poll(stale).toEqual(all(false));
});
