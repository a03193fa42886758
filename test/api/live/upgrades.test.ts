import { readdir, readlink } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

/** A client that sends parts of a request, 30 ms apart, and never ends its connection by itself. */
class SlowClient {
  readonly #socket: Socket;
  heard = '';

  constructor({ url }: Hub) {
    this.#socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
    this.#socket.on('data', (chunk) => (this.heard += chunk));
    this.#socket.on('error', () => undefined);
    onTestFinished(() => void this.#socket.destroy());
  }

  async send(...parts: string[]): Promise<this> {
    for (const part of parts) {
      this.#socket.write(part);
      await pause(30);
    }
    return this;
  }

  /** The status of the last answer. */
  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.heard)?.[1] ?? 0);
  }

  leave(): void {
    this.#socket.destroy();
  }
}

/** The sockets that this process has open, those of PostgreSQL and of the tests among them. */
async function openSockets(): Promise<number> {
  const names = await readdir('/proc/self/fd');
  const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return targets.filter((target) => target.startsWith('socket:')).length;
}

const head = (first: string, ...headers: string[]) => `${[first, 'Host: x', ...headers].join('\r\n')}\r\n\r\n`;
const BODY = JSON.stringify({ query: '{ __typename }' });
const JSON_BODY = ['Content-Type: application/json', `Content-Length: ${BODY.length}`];
const KEY = ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'];

describe('an offer to upgrade is not a demand', () => {
  it.each([
    ['h2c of a Java client', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'],
    ['TLS within HTTP', 'Connection: Upgrade', 'Upgrade: TLS/1.0'],
    ['a protocol that nobody knows', 'Connection: upgrade', 'Upgrade: foo/2'],
    ['several at once', 'Connection: Upgrade', 'Upgrade: h2c, websocket'],
    ['a WebSocket by POST', 'Connection: Upgrade', 'Upgrade: websocket', ...KEY],
  ])('answers a POST that offers %s as one that does not', async (_what, ...offer) => {
    const client = await new SlowClient(hub).send(head('POST /graphql HTTP/1.1', ...offer, ...JSON_BODY), BODY);
    await expect.poll(() => client.heard).toContain('{"data":{"__typename":"Query"}}');
    expect(client.status).toBe(200);
  });

  it.each([
    ['a query', 'GET /graphql?query=%7B__typename%7D HTTP/1.1', 200],
    ['a feed', 'GET /feeds/alerts.atom HTTP/1.1', 200],
    ['a page that is not there', 'GET /nothing HTTP/1.1', 404],
    ['the event stream', 'GET /graphql/stream?query=subscription%7Bchanges%7Btype%7D%7D HTTP/1.1', 200],
  ])('answers %s to a GET that offers h2c', async (_what, first, status) => {
    const client = await new SlowClient(hub).send(head(first, 'Connection: Upgrade', 'Upgrade: h2c'));
    await expect.poll(() => client.status).toBe(status);
  });

  it('goes on with the connection of a client that offered an upgrade', async () => {
    const client = new SlowClient(hub);
    const answers = () => client.heard.match(/"status":"ok"/g)?.length;
    await client.send(head('GET /healthz HTTP/1.1', 'Connection: Upgrade', 'Upgrade: h2c'));
    // Node.js loses a request that arrives in one packet with such an offer, before it is answered.
    await expect.poll(answers).toBe(1);
    await client.send(head('GET /healthz HTTP/1.1'));
    await expect.poll(answers).toBe(2);
  });

  it('opens WebSockets at their own address alone', async () => {
    const offer = ['Connection: Upgrade', 'Upgrade: WebSocket', 'Sec-WebSocket-Protocol: graphql-transport-ws', ...KEY];
    const right = await new SlowClient(hub).send(head('GET /graphql HTTP/1.1', ...offer));
    await expect.poll(() => right.status).toBe(101);
    const elsewhere = await new SlowClient(hub).send(head('GET /feeds HTTP/1.1', ...offer));
    await expect.poll(() => elsewhere.status).toBe(404);
    expect(elsewhere.heard).toContain('"NOT_FOUND"');
  });
});

const BAD_HANDSHAKE = head('GET /graphql HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket');

describe.skipIf(process.platform !== 'linux')('a refused upgrade', () => {
  it.each([
    [
      'POST with its body behind it',
      [head('POST /graphql HTTP/1.1', 'Connection: Upgrade', 'Upgrade: h2c', ...JSON_BODY), BODY],
    ],
    ['WebSocket without a key', [BAD_HANDSHAKE]],
    ['WebSocket without a key that goes on talking', [BAD_HANDSHAKE, 'x'.repeat(70_000), 'y'.repeat(70_000)]],
  ])('keeps no socket of 60 clients: a %s', async (_what, parts) => {
    const before = await openSockets();
    const clients = await Promise.all(Array.from({ length: 60 }, () => new SlowClient(hub).send(...parts)));
    await expect.poll(() => clients.filter(({ status }) => status >= 200).length).toBe(60);
    // The clients hold their own ends: 60 sockets are theirs until they leave.
    if (parts[0] === BAD_HANDSHAKE) await expect.poll(openSockets).toBeLessThanOrEqual(before + 60);
    for (const client of clients) client.leave();
    await expect.poll(openSockets).toBeLessThanOrEqual(before);
  });

  it('is told why in JSON, and does not hold up the end of the hub', async () => {
    const other = await startHub({ url });
    const clients = await Promise.all(Array.from({ length: 10 }, () => new SlowClient(other).send(BAD_HANDSHAKE)));
    await expect.poll(() => clients.every(({ heard }) => heard.includes('"BAD_REQUEST"'))).toBe(true);
    const begun = performance.now();
    await other.close();
    expect(performance.now() - begun).toBeLessThan(25_000);
  });
});
