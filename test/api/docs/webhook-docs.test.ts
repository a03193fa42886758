import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../src/development/embedded/processes.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import { addHook, LOOPBACK, logged, WAIT_MS } from '../../support/desk/webhook-desk.ts';
import { fieldPaths } from '../../support/docs/field-paths.ts';
import { startHub } from '../../support/hub/hub.ts';
import { startReceiver } from '../../support/receivers/receiver.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const page = await readFile(path.join(ROOT, 'docs/integrations/webhooks.md'), 'utf8');
const block = (language: string): string => {
  const found = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(page)?.[1];
  if (!found) throw new Error(`the page has no block of ${language}`);
  return found;
};

const { url } = await testDatabase();
const hub = await startHub({ url, webhookTargets: LOOPBACK });
afterAll(() => hub.close());

/** The receiver of the page as it stands there, but for its port. */
const example = block('js').replace(
  '.listen(8080)',
  `.listen(0, '127.0.0.1', function () { console.log(this.address().port); })`,
);

it('the receiver on the page takes what the hub sends, and nothing else', async () => {
  // The example wants a key before it has an address, so the webhook leads elsewhere at first.
  const { url: elsewhere } = await startReceiver();
  const { webhook, key } = await addHook(hub, elsewhere);
  const child = spawn(process.execPath, ['--input-type=module', '-e', example], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, TOCSIN_WEBHOOK_KEY: key },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  await once(child.stdout, 'data');
  const address = `http://127.0.0.1:${Number(printed.trim())}/`;
  const { id, version } = webhook;
  const operation = `mutation ($id: ID!, $version: Int!, $to: URL!) { reviseWebhook(id: $id, version: $version, input: { name: "Exemple", url: $to }) { webhook { id } } }`;
  await hub.as('scheduler').request(operation, { id, version, to: address });
  const published = await publishNew(hub, 'Alert', alertInput());
  await logged(hub, id, ([one]) => one?.state === 'DELIVERED' && one.status === 204);
  await until(() => printed.includes(published.id), WAIT_MS);
  expect(printed).toContain(`publication.published ${hub.url}/publications/${published.id}`);
  expect((await fetch(address, { method: 'POST', body: '{}' })).status).toBe(401);
});

it('the message on the page has no field that a message has not', async () => {
  const { url: to, received } = await startReceiver();
  await addHook(hub, to, { networks: ['MASTODON'] });
  await publishNew(hub);
  await until(() => received.length === 1, WAIT_MS);
  const sent = fieldPaths(JSON.parse(received[0]?.body ?? ''));
  expect(fieldPaths(JSON.parse(block('json'))).filter((field) => !sent.includes(field))).toEqual([]);
});

it('the operation on the page can be sent as it stands', async () => {
  expect(await hub.as('scheduler').request(block('graphql'))).toMatchObject({
    addWebhook: { key: expect.stringMatching(/^whsec_/), webhook: { version: 1 } },
  });
});
