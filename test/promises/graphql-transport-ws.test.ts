import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Writable } from 'node:stream';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { LIMITS } from '../../src/graphql/limits.ts';
import { testDatabase } from '../support/database/database.ts';
import { RawSocket } from '../support/following/raw-socket.ts';
import { startHub, tokens } from '../support/hub/hub.ts';

/** Cases of the graphql-transport-ws protocol, said word by word. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const open: RawSocket[] = [];
const socket = (options?: ConstructorParameters<typeof RawSocket>[1]): RawSocket => {
  const made = new RawSocket(hub.url, options);
  open.push(made);
  return made;
};
const consoles = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'log')];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.end()));
  for (const spy of consoles) expect(spy).not.toHaveBeenCalled();
});

const CHANGES = 'subscription { changes { cursor } }';
/** The codes of an `error` message, or of the errors in a `next`. */
function codes(message: Record<string, unknown> | undefined): string[] {
  const payload = message?.payload as Fault[] | { errors: Fault[] };
  return (Array.isArray(payload) ? payload : payload.errors).map(({ extensions }) => extensions.code);
}
interface Fault {
  extensions: { code: string };
}

describe('a connection (S-10)', () => {
  it.each([
    ['another protocol', 'graphql-ws'],
    ['a protocol of nobody', 'soap'],
  ])('of %s is not opened', async (_what, protocol) => {
    expect([4406, 1006]).toContain((await socket({ protocol }).ended()).code);
  });

  it.each([
    ['no JSON', '{'],
    ['JSON that is no message', '[]'],
    ['a message without a type', '{"id":"1"}'],
    ['a message of an unknown type', '{"type":"hello"}'],
    ['a message that only the server may send', '{"type":"connection_ack"}'],
    ['a subscription without an id', '{"type":"subscribe","payload":{"query":"{ __typename }"}}'],
    ['a subscription without a document', '{"id":"1","type":"subscribe","payload":{}}'],
    ['variables that are no object', '{"id":"1","type":"subscribe","payload":{"query":"{a}","variables":"x"}}'],
  ])('with %s is closed with 4400', async (_what, message) => {
    const one = await socket().init();
    await one.say(message);
    expect(await one.ended()).toEqual({ code: 4400, reason: 'Invalid message received' });
  });

  it('that subscribes before it was let in is closed with 4401', async () => {
    const one = socket();
    await one.subscribe('1', CHANGES);
    expect((await one.ended()).code).toBe(4401);
  });

  it('that says nothing is closed with 4408', async () => {
    expect((await socket().ended()).code).toBe(4408);
  });

  it('that introduces itself twice is closed with 4429', async () => {
    const one = await socket().init();
    await one.say({ type: 'connection_init' });
    expect((await one.ended()).code).toBe(4429);
  });

  it('that uses the id of an open operation is closed with 4409', async () => {
    const one = await socket().init();
    await one.subscribe('1', CHANGES);
    await one.subscribe('1', CHANGES);
    expect((await one.ended()).code).toBe(4409);
  });

  it.each([
    ['of 84 letters', 'x'.repeat(84)],
    ['of 123 letters', 'x'.repeat(123)],
    ['of 124 letters', 'x'.repeat(124)],
    ['of 4,000 letters', 'x'.repeat(4_000)],
    ['of accented letters', 'é'.repeat(70)],
    ['of Chinese signs', '洪'.repeat(60)],
    ['of signs of four bytes', '🌊'.repeat(40)],
    ['of signs of four bytes, one letter on', `x${'🌊'.repeat(40)}`],
    ['of half a sign', `${'x'.repeat(150)}\ud83c`],
  ])('that uses a long id %s twice is closed with 4409', async (_what, id) => {
    const one = await socket().init();
    await one.subscribe(id, CHANGES);
    await one.subscribe(id, CHANGES);
    const { code, reason } = await one.ended();
    expect(code).toBe(4409);
    expect(reason).toMatch(/^Subscriber for .*(already exists|…)$/u);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  });

  it('with a token that is not good is closed with 4403', async () => {
    const one = await socket().init({ authorization: 'Bearer nonsense' });
    expect(await one.ended()).toEqual({ code: 4403, reason: 'Forbidden' });
  });

  it('with a message that is too large is closed with 1009', async () => {
    const one = await socket().init();
    await one.say(JSON.stringify({ type: 'ping', payload: { much: 'x'.repeat(LIMITS.body) } }));
    expect((await one.ended()).code).toBe(1009);
  });

  it('with a frame that breaks WebSocket itself is closed with 1002, and the hub goes on', async () => {
    const one = await socket().init();
    // The stream below ws, which ws keeps to itself.
    (one.underlying as unknown as { _socket: Writable })._socket.write(Buffer.from([0xff, 0x80, 0, 0, 0, 0]));
    expect((await one.ended()).code).toBe(1002);
    expect((await socket().init()).heard).toEqual([{ type: 'connection_ack' }]);
  });

  it('is answered each ping, with what it sent', async () => {
    const one = await socket().init();
    await one.say({ type: 'ping', payload: { at: 3 } });
    await one.until(() => one.heard.length === 2);
    expect(one.heard[1]).toEqual({ type: 'pong', payload: { at: 3 } });
  });
});

/** Says bytes to the hub over TCP and gives back all that it answers, until it hangs up. */
function sayRaw(...parts: (string | Buffer)[]): Promise<string> {
  const { port } = new URL(hub.url);
  return new Promise((resolve) => {
    const heard: Buffer[] = [];
    const stream = connect(Number(port), '127.0.0.1');
    stream.on('data', (data) => heard.push(data));
    stream.on('error', () => undefined);
    stream.on('close', () => resolve(Buffer.concat(heard).toString('latin1')));
    for (const part of parts) stream.write(part);
  });
}
const handshake = (path: string, more = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n') =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Protocol: graphql-transport-ws\r\n${more}\r\n`;

describe('bytes that are no WebSocket', () => {
  it.each([
    ['at another address', handshake('/elsewhere'), 404, 'NOT_FOUND'],
    ['without a key', handshake('/graphql', ''), 400, 'BAD_REQUEST'],
  ])('%s are refused in JSON', async (_what, request, status, code) => {
    const [head = '', body = ''] = (await sayRaw(request)).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('application/json');
    expect(JSON.parse(body).errors[0].extensions).toEqual({ code });
  });

  it('by the thousand end their own connection, and nothing else', async () => {
    const good = await socket().init();
    const noise = Array.from({ length: 1000 }, (_, index) =>
      // An unmasked frame is refused whatever it holds; what stands before it may be anything.
      sayRaw(handshake('/graphql'), randomBytes(1 + (index % 200)), Buffer.from([0x81, 0x01, 0x7b])),
    );
    await Promise.all(noise);
    await good.say({ type: 'ping' });
    await good.until(() => good.heard.some(({ type }) => type === 'pong'));
    expect(good.closed).toBeUndefined();
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toMatch(/^tocsin_followers 1$/m);
  });
});

describe('an operation', () => {
  it.each([
    ['a syntax error', '{ viewer '],
    ['an unknown field', '{ nothing }'],
    ['two operations and no name', 'query a { __typename } query b { __typename }'],
    ['a variable that is missing', 'query ($code: CommuneCode!) { commune(code: $code) { name } }'],
    ['more than a document may hold', `{ ${Array.from({ length: 100 }, (_, i) => `a${i}: __typename`).join(' ')} }`],
  ])('with %s is answered BAD_REQUEST once, and the connection stays', async (_what, document) => {
    const one = await socket().init();
    await one.subscribe('1', document);
    await one.until(() => one.of('1').some(({ type }) => type === 'error' || type === 'complete'));
    expect(codes(one.of('1')[0])).toEqual(['BAD_REQUEST']);
    await one.say({ type: 'ping' });
    await one.until(() => one.heard.some(({ type }) => type === 'pong'));
  });

  it('that is a query is answered and completed, in the name of the token in the first message', async () => {
    const one = await socket().init({ authorization: `Bearer ${tokens.editor}` });
    await one.subscribe('q', '{ viewer { roles } }');
    await one.until(() => one.of('q').length === 2);
    expect(one.of('q')).toEqual([
      { id: 'q', type: 'next', payload: { data: { viewer: { roles: ['EDITOR'] } } } },
      { id: 'q', type: 'complete' },
    ]);
  });

  it('is answered in the name of the token in the handshake as well', async () => {
    const one = await socket({ headers: { authorization: `Bearer ${tokens.validator}` } }).init();
    await one.subscribe('q', '{ viewer { roles } }');
    await one.until(() => one.of('q').length === 2);
    expect(one.of('q')[0]?.payload).toEqual({ data: { viewer: { roles: ['VALIDATOR'] } } });
  });

  it.each(['é', '"\\\n', '🌊 14', 'x'.repeat(300)])('to changes may have the id %j', async (id) => {
    const one = await socket().init();
    await one.subscribe(id, CHANGES);
    await one.until(() => one.of(id).length > 0);
    expect(one.of(id)[0]).toMatchObject({ type: 'next', payload: { data: { changes: {} } } });
  });

  const two = 'subscription a { changes { type } } subscription b { deskChanges { at } }';
  const spread = 'subscription { ...C } fragment C on Subscription { changes { type } }';
  it.each([
    ['stands beside another one', JSON.stringify({ query: two, operationName: 'a' }), 'subscribe'],
    ['stands in a fragment', JSON.stringify({ query: spread }), 'subscribe'],
    ['comes in unusual letters', JSON.stringify({ query: 'subscription { changes { type } }' }), '\\u0073ubscribe'],
  ])('to changes that %s is followed like any other', async (_what, payload, type) => {
    const one = await socket().init();
    await one.say(`{"id":"1","type":"${type}","payload":${payload}}`);
    await one.until(() => one.of('1').length > 0);
    expect(one.of('1')).toMatchObject([{ type: 'next', payload: { data: { changes: { type: 'CHECKPOINT' } } } }]);
    expect(one.closed).toBeUndefined();
  });

  it('that was completed frees its id', async () => {
    const one = await socket().init();
    await one.subscribe('1', CHANGES);
    await one.say({ id: '1', type: 'complete' });
    await one.subscribe('1', '{ __typename }');
    await one.until(() => one.of('1').some(({ type }) => type === 'complete'));
    expect(
      one
        .of('1')
        .filter(({ type }) => type === 'next')
        .at(-1)?.payload,
    ).toEqual({ data: { __typename: 'Query' } });
  });

  it('too many on one connection is TOO_MANY_REQUESTS, and the others go on', async () => {
    const one = await socket().init();
    for (let index = 0; index < LIMITS.openOperations; index += 1) await one.subscribe(`s${index}`, CHANGES);
    await one.subscribe('more', CHANGES);
    await one.until(() => one.of('more').length > 0);
    expect(codes(one.of('more')[0])).toEqual(['TOO_MANY_REQUESTS']);
    expect(one.closed).toBeUndefined();
  });
});
