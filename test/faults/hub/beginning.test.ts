import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type App, createApp } from '../../../src/app.ts';
import { createLogger } from '../../../src/operations/logs.ts';
import { testDatabase } from '../../support/database/database.ts';
import { startHub, territory } from '../../support/hub/hub.ts';
import { signingPair } from '../../support/hub/signing.ts';

/** How a hub begins on an empty database. */
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  await new Promise((resolve) => holder.close(resolve));
  return port;
}

it('is not ready while an empty database is being filled, and is afterwards', async () => {
  const { url: databaseUrl } = await testDatabase();
  const port = await freePort();
  const filling = Promise.withResolvers<void>();
  const filled = Promise.withResolvers<void>();
  const starting: Promise<App> = createApp({
    databaseUrl,
    host: '127.0.0.1',
    port,
    territory,
    logger: createLogger('silent'),
    capSender: 'tocsin.example',
    signing: signingPair,
    retentionDays: 30,
    fillEmpty: async () => {
      filling.resolve();
      await filled.promise;
    },
  });
  await Promise.race([filling.promise, starting]);
  const ready = () => fetch(`http://127.0.0.1:${port}/readyz`);
  const before = await ready();
  expect(before.status).toBe(503);
  expect(await before.json()).toMatchObject({
    status: 'not ready',
    checks: { work: expect.stringContaining('filled') },
  });
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  filled.resolve();
  opened.push(await starting);
  expect((await ready()).status).toBe(200);
});

it('of three hubs that start at once on one empty database one loads the demo, and all have it when they are ready', async () => {
  const { url } = await testDatabase();
  const hubs = await Promise.all([1, 2, 3].map(() => startHub({ url, demo: true })));
  opened.push(...hubs);
  for (const hub of hubs) {
    const { publications } = await hub
      .as()
      .request<{ publications: { nodes: { text: { headline: string } }[] } }>(
        '{ publications(first: 100) { nodes { text { headline } } } }',
      );
    const headlines = publications.nodes.map(({ text }) => text.headline);
    expect(headlines.length).toBeGreaterThan(3);
    expect(new Set(headlines).size).toBe(headlines.length);
  }
});
