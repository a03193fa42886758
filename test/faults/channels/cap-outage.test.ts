import { appendFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { openFolder } from '../../support/database/embedded.ts';
import { alertInput, publishNew, release, revise } from '../../support/desk/desk.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';

async function identifier(hub: Hub): Promise<string> {
  const query = 'query ($id: ID!) { publication(id: $id) { ... on AlertPublication { capIdentifier } } }';
  const { publication } = await hub.as().request<{ publication: { capIdentifier: string } }>(query, { id: thread.id });
  return publication.capIdentifier;
}

/** PostgreSQL goes away under a hub that has published. */
const dataDir = await openFolder();
const database = await startEmbedded({ dataDir, durable: false });
const snapshot = { file: join(dataDir, 'board.snapshot'), writes: true };
const before = await startHub({ url: database.url });
const thread = await publishNew(before);
const first = await identifier(before);
await before.close();
const hub = await startHub({ url: database.url, snapshot });
afterAll(async () => {
  await database.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const answersOf = async ({ url }: Hub, paths: readonly string[]) =>
  Promise.all(
    paths.map(async (name) => {
      const answer = await fetch(`${url}${name}`);
      return [answer.status, answer.headers.get('content-type'), answer.headers.get('etag'), await answer.text()];
    }),
  );

it('every live CAP message is served while the database is away, by a hub that starts meanwhile as well', async () => {
  await release(hub, await revise(hub, 'Alert', thread, alertInput({ contact: 'Mairie' })));
  const names = [first, await identifier(hub)].map((name) => `/cap/${name}.xml`);
  const paths = [...names, `/cap/${thread.id}/latest.xml`];
  const messages = await answersOf(hub, paths);
  expect(messages.map(([status, type]) => [status, type])).toEqual(Array(3).fill([200, 'application/cap+xml']));
  await database.stop();
  expect(await answersOf(hub, paths)).toEqual(messages);
  const [[status, , , feed] = [], [unknown] = []] = await answersOf(hub, ['/feeds/alerts.atom', '/cap/TOCSIN-0-1.xml']);
  expect([status, unknown]).toEqual([200, 503]);
  expect(feed).toContain(thread.id);
  await hub.close();

  const again = await startHub({ url: database.url, snapshot });
  await expect.poll(() => answersOf(again, paths)).toEqual(messages);
  await again.close();
  const folder = join(dataDir, 'cap');
  const [torn = ''] = (await readdir(folder)).filter((name) => name.startsWith(first));
  await appendFile(join(folder, torn), ' ');
  const last = await startHub({ url: database.url, snapshot });
  // The other one is read at the same time: once it is there, the torn one was passed over.
  await expect.poll(() => answersOf(last, names.slice(1))).toMatchObject([{ 0: 200 }]);
  expect(await answersOf(last, names)).toMatchObject([{ 0: 503 }, { 0: 200 }]);
  await last.close();
});
