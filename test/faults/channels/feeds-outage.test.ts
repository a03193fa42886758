import { rm } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { openFolder } from '../../support/database/embedded.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const PATHS = [
  ...['/feeds/publications.rss', '/feeds/publications.json?kind=CLOSURE', '/feeds/events.ics'],
  ...['/geo/alerts.geojson', '/geo/closures.geojson', '/closures/cifs.xml', '/closures/datex2.xml'],
];

const dataDir = await openFolder();
const database = await startEmbedded({ dataDir, durable: false });
const hub = await startHub({ url: database.url });
afterAll(async () => {
  await hub.close();
  await database.stop();
  await rm(dataDir, { recursive: true, force: true });
});

it('every feed tells what is public while PostgreSQL is away, asked for before or not', async () => {
  const ids = [await publishNew(hub), await publishNew(hub, 'Closure'), await publishNew(hub, 'Event')].map(
    ({ id }) => id,
  );
  const paths = [...PATHS, `/events/${ids[2]}.ics`, `/publications/${ids[0]}.jsonld`];
  const answers = () =>
    Promise.all(paths.map(async (path) => ({ path, text: await (await fetch(hub.url + path)).text() })));
  const before = await answers();
  for (const { path, text } of before) expect([path, ids.some((id) => text.includes(id))]).toEqual([path, true]);
  await database.stop();
  await expect.poll(async () => (await fetch(`${hub.url}/readyz`)).status).toBe(503);
  expect(await answers()).toEqual(before);
  // Nobody asked for this one while the database was there.
  const fresh = await fetch(`${hub.url}/feeds/publications.rss?commune=91345`);
  expect([fresh.status, (await fresh.text()).includes(ids[0] ?? '-')]).toEqual([200, true]);
});
