import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { Documents } from '../../../src/graphql/documents.ts';
import { testDatabase } from '../../support/database/database.ts';
import { CONTINUATION, FIN, frame, PING, RawBytes, TEXT } from '../../support/following/raw-bytes.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub } from '../../support/hub/hub.ts';

/**
 * Clients that send more than one WebSocket may, to a hub with the bounds that it has by default, and to one whose addresses have
 * little. Behind each attack: how it was seen to succeed.
 */
const { url } = await testDatabase();
const { limits } = readConfig({});
const proxied = { trustedProxies: ['127.0.0.1', '::1'] };
const hub = await startHub({ url, limits, ...proxied });
/** A bucket of an address holds 2,000 points here, and gets 100 back in a second. */
const poor = await startHub({ url, limits: { ...limits, addressPoints: 100 }, ...proxied });
afterAll(async () => {
  await poor.close();
  await hub.close();
});

let last = 0;
/** An address that nobody has spoken from yet. */
const newAddress = (): string => {
  last += 1;
  return `192.0.2.${last}`;
};
const open: RawSocket[] = [];
const socket = (address = newAddress(), at = hub): RawSocket => {
  const made = new RawSocket(at.url, { headers: { 'x-forwarded-for': address } });
  open.push(made);
  return made;
};
/** Whether a client that behaves is let in and answered, whatever another one did. */
async function isServing(): Promise<void> {
  const innocent = await socket().init();
  await innocent.subscribe('1', '{ __typename }');
  await innocent.until(() => innocent.of('1').length === 2);
}

/** What the hub parsed: each document, and each JSON of a message. */
const documents = vi.spyOn(Documents.prototype, 'read');
const json = vi.spyOn(JSON, 'parse');
const readOf = (mark: string) => documents.mock.calls.filter(([query]) => query.includes(mark)).length;
const decodedOf = (mark: string) => json.mock.calls.filter(([text]) => String(text).includes(mark)).length;
afterEach(async () => {
  await isServing();
  await Promise.all(open.splice(0).map((one) => one.end()));
  documents.mockClear();
  json.mockClear();
});

interface Refusal {
  extensions: { limit?: { weight: number } };
}
const CLOSED = {
  code: 4429,
  reason: 'Too many or too long messages for one connection: wait a minute, then send fewer',
};
const CHANGES = 'subscription { changes { cursor type } }';
/** A document of so many characters that nobody has sent yet. */
const newDocument = (mark: string, characters: number): string =>
  `${`{ __typename #${mark} `.padEnd(characters - 2, 'x')}\n}`;
/** As many messages as a full share holds, and what it gets back in a generous minute. */
const ALL_MAY = 500 + 5 * 60;

describe('a client that talks without end', () => {
  it.each<[string, (n: number) => object]>([
    ['pings', () => ({ type: 'ping' })],
    ['pongs', () => ({ type: 'pong' })],
    ['the end of operations that nobody began', (n) => ({ type: 'complete', id: `unknown ${n}` })],
    [
      'what is known, under an id of its own each',
      (n) => ({ type: 'subscribe', id: `${n}`, payload: { query: CHANGES } }),
    ],
  ])('by %s is closed, and nothing more of it is heard', async (_what, message) => {
    // Seen: against the hub of that day, which answered all of them.
    const one = await socket().init();
    await one.subscribe('known', CHANGES);
    await one.until(() => one.of('known').length > 0);
    json.mockClear();
    for (let n = 0; n < 3 * ALL_MAY; n += 1) await one.say({ ...message(n), mark: 'flood' });
    expect(await one.ended()).toEqual(CLOSED);
    // A message is decoded twice where graphql-ws has it too.
    expect(decodedOf('"mark":"flood"')).toBeLessThan(2 * ALL_MAY);
  });

  it('by pings of WebSocket itself is closed, in one piece and together with its handshake', async () => {
    // Seen: without the listeners for ping and pong.
    const pings = Buffer.concat(Array.from({ length: 3 * ALL_MAY }, () => frame(FIN | PING, 'x')));
    const one = await new RawBytes(hub.url, `x-forwarded-for: ${newAddress()}`).opened();
    one.socket.write(pings);
    expect(await one.closeCode()).toBe(CLOSED.code);
    const other = new RawBytes(hub.url, `x-forwarded-for: ${newAddress()}`);
    other.socket.write(pings);
    expect(await other.closeCode()).toBe(CLOSED.code);
  });

  it('before it has greeted is closed as well', async () => {
    // Seen: with what a connection may send counted from its greeting on.
    const one = socket();
    for (let n = 0; n < 3 * ALL_MAY; n += 1) await one.say({ type: 'ping' });
    expect(await one.ended()).toEqual(CLOSED);
  });

  it('goes on talking behind the close frame to nobody', async () => {
    // Seen: with messages handled that hear had refused.
    const one = await socket().init();
    // All of it in what the hub takes from the network at one go.
    for (let n = 0; n < 600; n += 1) await one.say({ type: 'ping' });
    for (let n = 0; n < 40; n += 1) await one.subscribe(`${n}`, newDocument('behind', 1_000));
    expect(await one.ended()).toEqual(CLOSED);
    expect([decodedOf('behind'), readOf('behind')]).toEqual([0, 0]);
  });
});

it('a client that was closed is read no further, whatever it goes on sending', async () => {
  // Seen: without the pause in closeTooMuch, which had all of it parsed within the two seconds.
  const one = await new RawBytes(hub.url, `x-forwarded-for: ${newAddress()}`).opened();
  const pings = Buffer.concat(Array.from({ length: 3 * ALL_MAY }, () => frame(FIN | PING, 'x')));
  one.socket.write(pings);
  await expect.poll(() => one.heard.includes(0x88)).toBe(true);
  const taken = new Promise<boolean>((resolve) => {
    const megabytes = Buffer.concat(Array.from({ length: 400 }, () => frame(FIN | TEXT, 'x'.repeat(64_000))));
    one.socket.write(megabytes, (error) => resolve(!error));
  });
  expect(await taken).toBe(false);
});

describe('a client whose messages are long', () => {
  it('has two of 200 KiB decoded, and is closed by the third before that', async () => {
    // Seen: with messages counted, and not their bytes.
    const one = await socket().init();
    for (const mark of ['first', 'second', 'third'])
      await one.say({ type: 'pong', payload: { mark, text: 'x'.repeat(200 * 1024) } });
    expect(await one.ended()).toEqual(CLOSED);
    expect(['first', 'second', 'third'].map((mark) => decodedOf(`"mark":"${mark}"`) > 0)).toEqual([true, true, false]);
  });

  it.each<[string, (n: number) => { query: string; operationName?: string; extensions?: object }]>([
    ['as they are', (n) => ({ query: newDocument(`plain ${n}`, 4_000) })],
    ['with blanks behind one that is known', (n) => ({ query: `${CHANGES}${' '.repeat(4_000)}#plain ${n}` })],
    [
      'under the hash of one that is known',
      (n) => ({
        query: newDocument(`plain ${n}`, 4_000),
        extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
      }),
    ],
    ['that do not parse', (n) => ({ query: `{ #plain ${n} `.padEnd(4_000, 'x') })],
    ['with a name that they do not have', (n) => ({ query: newDocument(`plain ${n}`, 4_000), operationName: 'no' })],
  ])('has few documents read that the hub has not seen, %s', async (_what, payload) => {
    // Seen: against the hub of that day, which read all of them for 200 points each.
    const one = await socket().init();
    await one.subscribe('known', CHANGES);
    await one.until(() => one.of('known').length > 0);
    for (let n = 0; n < 100; n += 1) {
      await one.say({ type: 'subscribe', id: `${n}`, payload: payload(n) });
      await one.say({ type: 'complete', id: `${n}` });
    }
    expect(await one.ended()).toEqual(CLOSED);
    // Each takes some 20 points of 500; a query is read once more where it is executed.
    const read = new Set(documents.mock.calls.map(([query]) => query).filter((query) => query.includes('plain')));
    expect(read.size).toBeGreaterThan(10);
    expect(read.size).toBeLessThan(60);
  });

  it('pays for a message in tiny fragments as for all of its frames', async () => {
    // Seen: with the bytes of messages counted in place of those of the network.
    const one = await new RawBytes(hub.url, `x-forwarded-for: ${newAddress()}`).opened();
    one.socket.write(frame(FIN | TEXT, '{"type":"connection_init"}'));
    const [first = '', ...rest] = '{"type":"pong","payload":{"text":"'.concat('x'.repeat(400), '"}}');
    const message = Buffer.concat([
      frame(TEXT, first),
      ...rest.map((sign, at) => frame(at === rest.length - 1 ? FIN | CONTINUATION : CONTINUATION, sign)),
    ]);
    // 437 bytes each, 3,059 on the wire: four points.
    one.socket.write(Buffer.concat(Array.from({ length: 150 }, () => message)));
    expect(await one.closeCode()).toBe(CLOSED.code);
  });

  it('is closed for a message in more fragments than half a kilobyte each would make', async () => {
    // Seen: with maxFragments left as ws has it.
    const one = await new RawBytes(hub.url, `x-forwarded-for: ${newAddress()}`).opened();
    one.socket.write(frame(TEXT, ' '));
    one.socket.write(Buffer.concat(Array.from({ length: 600 }, () => frame(CONTINUATION, ' '))));
    expect(await one.closeCode()).toBe(1008);
  });
});

describe('a client that comes back for a new share', () => {
  /** Leaves an address nothing for minutes, by one long document. */
  async function spendAll(address: string): Promise<void> {
    const one = await socket(address, poor).init();
    await one.subscribe('1', newDocument(address, 40_000));
    await one.until(() => one.of('1').length > 0);
  }

  it('is refused a document that nobody has sent yet, before it is read', async () => {
    // Seen: with documents read for 200 points, whatever their length.
    const address = newAddress();
    await spendAll(address);
    const one = await socket(address, poor).init();
    await one.subscribe('more', newDocument('refused', 4_000));
    await one.until(() => one.of('more').length > 0);
    const [{ payload = [] } = {}] = one.of('more') as { payload?: Refusal[] }[];
    expect(payload).toMatchObject([{ extensions: { code: 'TOO_MANY_REQUESTS', limit: { name: 'addressPoints' } } }]);
    // Of the long one that was read: 20,000 for its characters, and 5,000 for its bytes.
    expect(payload[0]?.extensions.limit?.weight).toBeGreaterThan(25_000);
    expect(readOf('refused')).toBe(0);
    expect(one.closed).toBeUndefined();
  });

  it('may say a tenth as much while its address has nothing left, and who pings now and then goes on', async () => {
    // Seen: with everything as cheap as before in #take.
    const address = newAddress();
    const innocent = await socket(address, poor).init();
    await innocent.subscribe('1', CHANGES);
    await innocent.until(() => innocent.of('1').length > 0);
    await spendAll(address);
    const one = await socket(address, poor).init();
    for (let n = 0; n < 200; n += 1) await one.say({ type: 'ping' });
    expect(await one.ended()).toEqual(CLOSED);
    expect(one.heard.length).toBeLessThan(100);
    const heard = innocent.heard.length;
    for (let n = 0; n < 5; n += 1) await innocent.say({ type: 'ping' });
    await innocent.until(() => innocent.heard.length === heard + 5);
    expect(innocent.closed).toBeUndefined();
  });

  /** How much was counted of an address, once nothing is left. */
  async function spentBy(address: string): Promise<number> {
    let weight = 0;
    await expect
      .poll(async () => {
        const answer = await fetch(`${poor.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
          body: JSON.stringify({ query: newDocument(`${Math.random()}`, 100) }),
        });
        const { errors } = (await answer.json()) as { errors?: Refusal[] };
        weight = errors?.[0]?.extensions.limit?.weight ?? 0;
        return weight;
      })
      .toBeGreaterThan(0);
    return weight;
  }

  it('has its address pay for what it sent before it greeted', async () => {
    // Seen: with no payer before the greeting.
    const address = newAddress();
    const one = socket(address, poor);
    await one.say({ type: 'connection_init', payload: { text: 'x'.repeat(200 * 1024) } });
    await one.until(() => one.heard.length > 0);
    expect(await spentBy(address)).toBeGreaterThan(20_000);
  });

  it('has its address pay for a message that it never ended', async () => {
    // Seen: without settle at the end.
    const address = newAddress();
    const one = await new RawBytes(poor.url, `x-forwarded-for: ${address}`).opened();
    for (let sent = 0; sent < 200; sent += 1) one.socket.write(frame(sent ? CONTINUATION : TEXT, ' '.repeat(1_024)));
    one.socket.end();
    await expect.poll(() => one.isClosed).toBe(true);
    expect(await spentBy(address)).toBeGreaterThan(20_000);
  });
});
