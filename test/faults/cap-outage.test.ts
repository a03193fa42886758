import { rm } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { startEmbedded } from '../../src/database/embedded.ts';
import { alertInput, publishNew, release, revise } from '../support/desk.ts';
import { openFolder } from '../support/embedded.ts';
import { type Hub, startHub } from '../support/hub.ts';

async function identifier(hub: Hub): Promise<string> {
  const query = 'query ($id: ID!) { publication(id: $id) { ... on Alert { capIdentifier } } }';
  const { publication } = await hub.as().request<{ publication: { capIdentifier: string } }>(query, { id: thread.id });
  return publication.capIdentifier;
}

/** PostgreSQL goes away under a hub that has published. */
const dataDir = await openFolder();
const database = await startEmbedded({ dataDir, durable: false });
const before = await startHub({ url: database.url });
const thread = await publishNew(before);
const first = await identifier(before);
await before.close();
const hub = await startHub({ url: database.url });
afterAll(async () => {
  await hub.close();
  await database.stop();
  await rm(dataDir, { recursive: true, force: true });
});

it('every live CAP message is served while the database is away, and what else was asked for may come back', async () => {
  await release(hub, await revise(hub, 'Alert', thread, alertInput({ contact: 'Mairie' })));
  const names = [first, await identifier(hub)].map((name) => `${name}.xml`);
  await database.stop();
  const get = async (path: string) => {
    const answer = await fetch(`${hub.url}${path}`);
    return [answer.status, answer.headers.get('content-type'), (await answer.text()).includes(thread.id)];
  };
  for (const name of [...names, `${thread.id}/latest.xml`])
    expect(await get(`/cap/${name}`)).toEqual([200, 'application/cap+xml', true]);
  expect(await get('/feeds/alerts.atom')).toEqual([200, 'application/atom+xml; charset=utf-8', true]);
  expect(await get('/cap/TOCSIN-0-1.xml')).toEqual([503, 'application/json; charset=utf-8', false]);
});
