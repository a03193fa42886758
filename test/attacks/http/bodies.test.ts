import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Documents } from '../../../src/graphql/documents.ts';
import { LIMITS } from '../../../src/graphql/limits.ts';
import { testDatabase } from '../../support/database/database.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

/**
 * Bodies that are to be taken in for nothing. A bucket holds 20 points here, so that an address which has paid anything is refused,
 * and told how much was counted. Behind each attack: how it was seen to succeed.
 */
const { url } = await testDatabase();
const limits = { addressPoints: 1, identityPoints: 100_000, failedTokens: 5 };
const hub = await startHub({ url, limits, trustedProxies: ['127.0.0.1', '::1'] });
afterAll(() => hub.close());

const documents = vi.spyOn(Documents.prototype, 'read');
const json = vi.spyOn(JSON, 'parse');
const readOf = (mark: string) => documents.mock.calls.filter(([query]) => query.includes(mark)).length;
const parsedOf = (mark: string) => json.mock.calls.filter(([text]) => String(text).includes(mark)).length;
afterEach(() => {
  documents.mockClear();
  json.mockClear();
});

let last = 0;
const next = (): number => {
  last += 1;
  return last;
};
/** An address that nobody has spoken from yet. */
const newAddress = (): string => `192.0.2.${next()}`;
/** The body of a query that nobody has asked yet, of so many bytes. */
const newBody = (bytes: number, mark = `mark ${next()}`): string => {
  const [before, after] = [`{"query":"{ __typename #${mark} `, String.raw`\n}"}`];
  return `${before}${'x'.repeat(bytes - before.length - after.length)}${after}`;
};

interface Sent {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  /** The chunks in which it goes; without, it says its length. */
  chunks?: number;
}
/** Sends a body as the client at an address does; the status, or 0 where the hub hung up. */
function send(address: string, body: string, sent: Sent = {}): Promise<number> {
  const { path = '/graphql', method = 'POST', headers = {}, chunks } = sent;
  const length = chunks === undefined ? { 'content-length': Buffer.byteLength(body) } : {};
  return new Promise((resolve) => {
    const asked = request(
      hub.url + path,
      { method, headers: { 'content-type': 'application/json', 'x-forwarded-for': address, ...length, ...headers } },
      (answer) => answer.resume().on('close', () => resolve(answer.statusCode ?? 0)),
    );
    asked.on('error', () => resolve(0));
    const size = Math.ceil(body.length / (chunks ?? 1));
    for (let at = 0; at < body.length; at += size) asked.write(body.slice(at, at + size));
    asked.end();
  });
}

/** How many points were taken of an address; 0 where it may still ask. */
async function paidBy(address: string): Promise<number> {
  const answer = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: newBody(100),
  });
  if (answer.status === 200) return 0;
  expect(answer.status).toBe(429);
  const { errors } = (await answer.json()) as { errors: { extensions: { limit: { name: string; weight: number } } }[] };
  expect(errors[0]?.extensions.limit.name).toBe('addressPoints');
  return errors[0]?.extensions.limit.weight ?? 0;
}

/** The same, of a request that nobody else pays for: its address does once it is over. */
async function paidInTheEnd(address: string, least: number): Promise<void> {
  let paid = 0;
  await expect
    .poll(async () => {
      paid = await paidBy(address);
      return paid;
    })
    .toBeGreaterThan(least);
}

describe('a body that does not say its length', () => {
  it.each([300, 20_000, 100_000])('of %i bytes costs as much as one that does', async (bytes) => {
    // Seen: with the bytes taken from content-length, 500 points for any chunked body.
    const [said, chunked, expected] = [newAddress(), newAddress(), newAddress()];
    expect(await send(said, newBody(bytes))).toBe(200);
    expect(await send(chunked, newBody(bytes), { chunks: 1 })).toBe(200);
    expect(await send(expected, newBody(bytes), { chunks: 1, headers: { expect: '100-continue' } })).toBe(200);
    const paid = [await paidBy(said), await paidBy(chunked), await paidBy(expected)];
    for (const points of paid) {
      expect(points).toBeGreaterThan(490 + bytes / 2);
      expect(points).toBeLessThan(600 + bytes / 2);
    }
    expect(parsedOf('mark')).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['as it is', (body: string) => body],
    ['that is no JSON', (body: string) => body.slice(0, -1)],
  ])('is refused before it is parsed where its address has nothing left, %s', async (_what, spoilt) => {
    // Seen: without `hear` in bodyReader.
    const address = newAddress();
    await send(address, newBody(1_000));
    expect(await send(address, spoilt(newBody(20_000, 'refused')), { chunks: 3 })).toBe(429);
    expect([parsedOf('refused'), readOf('refused')]).toEqual([0, 0]);
  });

  it('pays for chunks of a byte each, and may not come in too many of them', async () => {
    // Seen: without `pieces` in `collect`.
    const [few, many] = [newAddress(), newAddress()];
    expect(await send(few, newBody(2_000), { chunks: 2_000 })).toBe(200);
    expect(await paidBy(few)).toBeGreaterThan(2_000 * 2);
    expect(await send(many, newBody(5_000, 'pieces'), { chunks: 5_000 })).toBe(400);
    await paidInTheEnd(many, LIMITS.pieces);
    expect(parsedOf('pieces')).toBe(0);
  });

  it('is cut where it goes on beyond the largest that a body may be, and has been paid for', async () => {
    // Seen: without `settle`.
    const address = newAddress();
    expect([0, 413]).toContain(await send(address, newBody(LIMITS.body * 2, 'endless'), { chunks: 50 }));
    await paidInTheEnd(address, LIMITS.body / 9);
    expect(parsedOf('endless')).toBe(0);
  });
});

describe('a body that nobody would pay for', () => {
  it.each<[string, string, Sent]>([
    ['that is no JSON', newBody(20_000).slice(0, -1), {}],
    ['that is no JSON, in chunks', newBody(20_000).slice(0, -1), { chunks: 3 }],
    ['that nests too deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, {}],
    ['with a token that is not good', newBody(20_000), { headers: { authorization: 'Bearer guessed' } }],
    ['at no address', newBody(20_000), { path: '/nowhere' }],
    [
      'at no address, with a token',
      newBody(20_000),
      { path: '/nowhere', headers: { authorization: 'Bearer guessed' } },
    ],
    ['by another method', newBody(20_000), { method: 'PUT' }],
    ['compressed, as it says', newBody(20_000).slice(0, -1), { headers: { 'content-encoding': 'gzip' } }],
    ['for an event stream that is none', newBody(20_000), { path: '/graphql/stream' }],
  ])('is paid for by its address: %s', async (_what, body, sent) => {
    // Seen: without `settle`, and for those without a token without `hear`.
    const address = newAddress();
    expect(await send(address, body, sent)).toBeGreaterThanOrEqual(400);
    await paidInTheEnd(address, 20_000 / 9);
  });

  it('of a person who is known is that person’s, and costs the address nothing', async () => {
    // Seen: with showsWho false of everybody. A proxy that says nothing is a client itself.
    const answer = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.editor}` },
      body: newBody(40_000),
    });
    expect(answer.status).toBe(200);
    await answer.text();
    const next = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: newBody(100),
    });
    expect(next.status).toBe(200);
  });
});

describe('a body whose answer is kept', () => {
  it('costs nothing where it is short and says its length, in whatever bytes', async () => {
    // Seen: without `forgive`.
    const body = newBody(200);
    await send(newAddress(), body);
    const address = newAddress();
    for (let spaces = 1; spaces < 5; spaces += 1) expect(await send(address, `${' '.repeat(spaces)}${body}`)).toBe(200);
    expect(await paidBy(address)).toBe(0);
  });

  it('pays for being heard where it is long', async () => {
    // Seen: without `hear` in bodyReader.
    const body = newBody(200);
    await send(newAddress(), body);
    const address = newAddress();
    expect(await send(address, `${' '.repeat(100_000)}${body}`)).toBe(200);
    expect(await paidBy(address)).toBeGreaterThan(100_000 / 8);
  });
});

it('a body that nobody reads ends its connection', async () => {
  // Seen: without shouldKeepAlive it goes on for 15 seconds, for nothing.
  const { hostname, port } = new URL(hub.url);
  for (const head of [
    'GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked',
    'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked',
    'POST /desk/exports/reports.csv HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked',
  ]) {
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    let heard = '';
    socket.on('data', (data) => {
      heard += String(data);
    });
    const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
    socket.write(`${head}\r\n\r\n1\r\nx\r\n`);
    await closed;
    expect(heard).toMatch(/^HTTP\/1\.1 \d{3} .*\r\nconnection: close\r\n/is);
    expect(heard).not.toMatch(/^HTTP.1\.1 408/m);
  }
});
