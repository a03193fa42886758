import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { GraphQLClient } from 'graphql-request';
import { expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { refusal } from '../../support/desk/desk.ts';
import { addHook, payloadOf } from '../../support/desk/webhook-desk.ts';
import type { Hub } from '../../support/hub/hub.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';
import { startReceiver } from '../../support/receivers/receiver.ts';

const { url: databaseUrl } = await testDatabase();

/** A hub in a process of its own, with what it printed. */
async function started(more: Record<string, string>): Promise<{ hub: Hub; printed: string }> {
  const dataDir = await temporaryFolder();
  const env = { PORT: '0', DATABASE_URL: databaseUrl, TOCSIN_DATA_DIR: dataDir, TOCSIN_DEMO: 'false', ...more };
  const child = startHubProcess({ env });
  const url = await addressOf(child);
  const tokens = JSON.parse(await readFile(path.join(dataDir, 'dev-tokens.json'), 'utf8'));
  const as: Hub['as'] = (persona) =>
    new GraphQLClient(`${url}/graphql`, { headers: persona ? { authorization: `Bearer ${tokens[persona]}` } : {} });
  return { hub: { as, url } as Hub, printed: child.printed() };
}

it('with TOCSIN_ALLOW_LOOPBACK webhooks and watchers lead to this machine over http, and nowhere else inside', async () => {
  const { hub, printed } = await started({ TOCSIN_ALLOW_LOOPBACK: 'true' });
  expect(printed).toContain('and watchers may lead to http://localhost too');
  const { url, received } = await startReceiver();
  const { port } = new URL(url);
  const leading = [
    `http://127.0.0.1:${port}/a`,
    `http://localhost:${port}/b`,
    `http://LOCALHOST:${port}/c`,
    `http://127.1:${port}/d`,
  ];
  for (const to of leading) {
    const { webhook } = await addHook(hub, to);
    await payloadOf(hub, 'pingWebhook', { id: webhook.id }, 'asOf');
  }
  await expect.poll(() => received.length).toBe(leading.length);
  for (const to of [
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/',
    'http://0.0.0.0/',
    'http://example.com/',
    'https://10.0.0.1/',
    'ftp://127.0.0.1/',
    'http://a:b@127.0.0.1/',
  ])
    expect(await refusal(addHook(hub, to)), to).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.url' }],
    });

  const feeds = await feedServer();
  feeds.serve('/feed', { body: '<rss version="2.0"><channel><title>Essai</title></channel></rss>' });
  const input = { name: 'Essai', url: feeds.url('/feed').replace('127.0.0.1', 'localhost') };
  await hub
    .as('checker')
    .request('mutation ($input: WatcherInput!) { addWatcher(input: $input) { watcher { id } } }', { input });
  const watchers = async () =>
    (await hub.as('editor').request<{ watchers: { nodes: object[] } }>('{ watchers { nodes { lookedAt fault } } }'))
      .watchers.nodes;
  await expect.poll(watchers).toEqual([{ lookedAt: expect.stringMatching(/^20/), fault: null }]);
});

it('without it they do not, and the start screen says how they may', async () => {
  const { hub, printed } = await started({});
  expect(printed).toContain('TOCSIN_ALLOW_LOOPBACK=true lets them lead to localhost');
  for (const to of [
    'http://127.0.0.1:3000/',
    'http://localhost:3000/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://[::1]/',
  ])
    expect(await refusal(addHook(hub, to)), to).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.url' }],
    });
});

it('production does not start with it, and says why in one line', async () => {
  const hub = startHubProcess({ env: { TOCSIN_MODE: 'production', TOCSIN_ALLOW_LOOPBACK: 'true' } });
  expect(await hub.ended).toBe(1);
  expect(hub.printed()).toContain('\n  TOCSIN_ALLOW_LOOPBACK: refused in production');
  expect(hub.printed()).not.toContain('    at ');
});
