import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { addHook, LOOPBACK, logged } from '../../support/desk/webhook-desk.ts';
import { blocksOf } from '../../support/docs/blocks.ts';
import { hasProgram, ran } from '../../support/docs/programs.ts';
import { freePort } from '../../support/docs/workshop.ts';
import { given } from '../../support/given.ts';
import { startHub } from '../../support/hub/hub.ts';

/** The PHP of docs/integrations/website.md does what the page promises of it on the day on which the hub is away. */
const [alerts, , receiver] = blocksOf('docs/integrations/website.md').filter(({ language }) => language === 'php');
const folder = await mkdtemp(path.join(os.tmpdir(), `tocsin-test-${process.pid}-`));
afterAll(() => rm(folder, { recursive: true, force: true }));
const KEPT = path.join(folder, 'tocsin-91345.json');

beforeAll(async () => {
  await writeFile(path.join(folder, 'alerts.php'), alerts?.code ?? '');
  await writeFile(path.join(folder, 'receiver.php'), receiver?.code ?? '');
});

/** The environment of PHP on a machine of its own: what it keeps lies in this folder. */
const env = (more: Record<string, string>) => ({ PATH: process.env.PATH ?? '', TMPDIR: folder, ...more });

/** What a visitor of the page sees. */
async function visit(hub: string): Promise<string> {
  const args = ['-d', 'display_errors=1', '-d', 'error_reporting=-1', '-d', 'date.timezone=Europe/Paris', 'alerts.php'];
  const { code, printed } = await ran('php', args, { cwd: folder, env: env({ HUB: hub }) });
  expect([code, printed]).toEqual([0, printed]);
  return printed;
}

interface Kept {
  at: number;
  etag: string;
  situation: { alerts: { endsAt: string }[] };
}
const kept = async (): Promise<Kept> => JSON.parse(await readFile(KEPT, 'utf8'));

/** Lets the kept answer be so many seconds old, as if the next visitor came then. */
async function letPass(seconds: number): Promise<void> {
  const { at, ...rest } = await kept();
  await writeFile(KEPT, JSON.stringify({ ...rest, at: at - seconds }));
  const then = Date.now() / 1000 - seconds;
  await utimes(KEPT, then, then);
}

/** Visitors come every 31 seconds until one sees this: a hub under load may need longer than the page waits for it. */
const sees = (hub: string, shown: string) =>
  expect
    .poll(async () => {
      await letPass(31);
      return visit(hub);
    })
    .toBe(shown);

/** Puts a server in the place of a hub that has gone. What it answers can be changed; it counts how often it is asked. */
async function inPlaceOf(address: string) {
  let answer: RequestListener = () => {};
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    answer(request, response);
  });
  server.listen(Number(new URL(address).port), '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return {
    asked: () => asked,
    answers: (next: RequestListener) => {
      answer = next;
    },
  };
}

const hasPhp = given(hasProgram('php'), 'php (apt install php-cli)');
const { url } = hasPhp ? await testDatabase() : { url: '' };

describe.runIf(hasPhp)('the PHP of the page', () => {
  it('shows what is public, and the old alerts when the hub is gone, hangs or answers rubbish', async () => {
    const hub = await startHub({ url });
    expect(await visit('http://127.0.0.1:9')).toBe('Alertes : information momentanément indisponible.\n');
    await sees(hub.url, '');
    const { id } = await publishNew(hub);
    const line = `ORANGE L’Yvette déborde à Longjumeau ${hub.url}/publications/${id}\n`;
    await sees(hub.url, line);
    const { etag } = await kept();
    await hub.close();

    await letPass(31);
    expect(await visit(hub.url)).toBe(line);
    await letPass(600);
    const old = expect.stringMatching(/^Alertes connues le \d\d\/\d\d à \d{1,2} h(?: \d\d)? :\n/);
    expect(await visit(hub.url)).toEqual(old);

    const other = await inPlaceOf(hub.url);
    expect(await visit(hub.url)).toContain(line);
    expect(other.asked()).toBe(0);
    await letPass(31);
    expect(await visit(hub.url)).toContain(line);
    expect(other.asked()).toBe(1);
    other.answers((_request, response) => void response.writeHead(502).end('<h1>Bad Gateway</h1>'));
    await letPass(31);
    expect(await visit(hub.url)).toContain(line);
    other.answers((_request, response) => void response.end('{"data":{"situation":null},"errors":[{"message":"…"}]}'));
    await letPass(31);
    expect(await visit(hub.url)).toContain(line);
    expect(await visit(hub.url)).toEqual(old);
    expect(other.asked()).toBe(3);
    // The hub is back, and nothing has changed.
    other.answers(({ headers }, response) => {
      response.writeHead(headers['if-none-match'] === etag ? 304 : 500).end();
    });
    await sees(hub.url, line);
  }, 180_000);

  it('leaves out of the old alerts what has ended by the clock meanwhile', async () => {
    const { situation, ...rest } = await kept();
    const ended = situation.alerts.map((alert) => ({ ...alert, endsAt: '2026-11-26T12:00:00+01:00' }));
    await writeFile(KEPT, JSON.stringify({ ...rest, situation: { ...situation, alerts: ended } }));
    expect(await visit('http://127.0.0.1:9')).not.toContain('ORANGE');
  });

  it('makes what is kept old, and does not lose it, by a webhook that the hub signed, and by no other message', async () => {
    const hub = await startHub({ url, webhookTargets: LOOPBACK });
    onTestFinished(() => hub.close());
    const port = await freePort();
    const address = `http://127.0.0.1:${port}/receiver.php`;
    const { webhook, key } = await addHook(hub, address);
    const server = spawn('php', ['-S', `127.0.0.1:${port}`, '-t', folder], {
      env: env({ TOCSIN_WEBHOOK_KEY: key }),
      stdio: 'ignore',
    });
    const ended = once(server, 'close');
    onTestFinished(async () => {
      server.kill('SIGKILL');
      await ended;
    });
    const forged = () =>
      fetch(address, {
        method: 'POST',
        headers: {
          'webhook-id': '1',
          'webhook-timestamp': String(Math.round(Date.now() / 1000)),
          'webhook-signature': 'v1,none',
        },
        body: '{}',
      }).then(({ status }) => status, String);
    await expect.poll(forged).toBe(401);
    const before = await readFile(KEPT, 'utf8');
    const isOld = async () => (await stat(KEPT)).mtimeMs < 10_000;
    expect(await isOld()).toBe(false);
    await publishNew(hub);
    await logged(hub, webhook.id, ([one]) => one?.state === 'DELIVERED' && one.status === 204);
    expect(await isOld()).toBe(true);
    expect(await readFile(KEPT, 'utf8')).toBe(before);
  });
});
