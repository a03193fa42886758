import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database/database.ts';
import { Asking } from '../support/desk/asking.ts';
import { RawSocket } from '../support/following/raw-socket.ts';
import { startHub, tokens } from '../support/hub/hub.ts';
import { logLines } from '../support/hub/log-lines.ts';

/** A hub of its own: of one it is told twenty lines a second, and `log.test.ts` asks for many. Behind each: how it was seen to succeed. */
const { url } = await testDatabase();
const log = new PassThrough();
const hub = await startHub({ url, logger: pino({ level: 'trace', base: null }, log), trustedProxies: ['127.0.0.1'] });
const asking = new Asking(hub.url);
afterAll(() => {
  asking.end();
  return hub.close();
});

const { written, lines, lineOf } = logLines(log);

/** Of every line. */
const BARE = { level: 30, time: expect.any(Number) };

describe('a trace of what is refused inside', () => {
  it('a WebSocket: each operation, and not the one that is granted', async () => {
    // Seen: no line.
    const headers = { 'x-request-id': 'by-socket' };
    const secret = `canary${randomBytes(12).toString('hex')}`;
    const socket = new RawSocket(hub.url, { headers });
    await socket.init({ authorization: `Bearer ${tokens.editor}` });
    const ended = (id: string) => socket.until(() => socket.of(id).some(({ type }) => type !== 'next'));
    await socket.subscribe('a', '{ viewer { id } }');
    await ended('a');
    await socket.subscribe('b', `query ${secret} { accounts { totalCount } }`, { unused: secret });
    await ended('b');
    // A connection may have fifty open.
    for (let one = 0; one <= 50; one += 1) await socket.subscribe(`c${one}`, 'subscription { changes { type } }');
    await ended('c50');
    const [granted] = socket.of('a') as { payload?: { data?: { viewer: { id: string } } } }[];
    const account = granted?.payload?.data?.viewer.id;
    const common = { reqId: 'by-socket', method: 'GET', path: '/graphql', client: '127.0.0.1', account };
    const told = () => lines().filter(({ reqId }) => reqId === 'by-socket');
    const line = (code: string) => ({ ...BARE, ...common, codes: [code], msg: 'refused' });
    await expect.poll(told).toEqual([line('FORBIDDEN'), line('TOO_MANY_REQUESTS')]);
    for (const hidden of [secret, tokens.editor, 'totalCount']) expect(written()).not.toContain(hidden);
    await socket.end();
  });

  it('a WebSocket of somebody without a token', async () => {
    // Seen: no line.
    const socket = new RawSocket(hub.url, {
      headers: { 'x-request-id': 'nobody', 'x-forwarded-for': '198.51.100.10' },
    });
    await socket.init();
    await socket.subscribe('a', 'subscription { deskChanges { __typename } }');
    await expect
      .poll(() => lines().filter(({ reqId }) => reqId === 'nobody'))
      .toMatchObject([{ msg: 'refused', codes: ['UNAUTHENTICATED'], client: '198.51.100.10' }]);
    expect(lines().filter(({ reqId }) => reqId === 'nobody')[0]).not.toHaveProperty('account');
    await socket.end();
  });

  it.each([
    ['a stream that says so itself', 'text/event-stream', 'volunteer', 200, { codes: ['FORBIDDEN'] }],
    ['a stream that says so itself to nobody', 'text/event-stream', undefined, 200, { codes: ['UNAUTHENTICATED'] }],
    ['an answer of 401 in place of a stream', '*/*', undefined, 401, { codes: ['UNAUTHENTICATED'] }],
    ['an answer of 403 in place of a stream', '*/*', 'volunteer', 403, { status: 403 }],
  ] as const)('%s: one line', async (_what, accept, persona, expected, told) => {
    // Seen: no line for the first three.
    const token = persona && { authorization: `Bearer ${tokens[persona]}` };
    const query = encodeURIComponent('subscription { deskChanges { __typename } }');
    const { status, headers } = await asking.at(`/graphql/stream?query=${query}`, {
      accept,
      ...token,
    });
    const id = String(headers['x-request-id']);
    const first = await lineOf(id);
    expect([status, first]).toMatchObject([expected, { msg: 'refused', path: '/graphql/stream', ...told }]);
    expect(first).toEqual(expect.objectContaining(persona && 'codes' in told ? { account: expect.any(String) } : {}));
    // The next request's line is behind all of this one's.
    await asking.post('{', { 'x-request-id': `after-${id}` });
    await lineOf(`after-${id}`);
    expect(lines().filter(({ reqId }) => reqId === id)).toHaveLength(1);
  });
});
