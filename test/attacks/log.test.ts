import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database/database.ts';
import { Asking, say } from '../support/desk/asking.ts';
import { RawSocket } from '../support/following/raw-socket.ts';
import { startHub, tokens } from '../support/hub/hub.ts';
import { logLines } from '../support/hub/log-lines.ts';

/** An attack leaves a trace, and the trace leaks nothing. Behind each: how it was seen to succeed. */
const { url } = await testDatabase();
const log = new PassThrough();
const KEY = 'k3y-of-operators-that-nobody-can-guess';
const hub = await startHub({
  url,
  logger: pino({ level: 'trace', base: null }, log),
  trustedProxies: ['127.0.0.1'],
  limits: { addressHandshakes: 1, failedTokens: 100 },
  more: { operators: { key: KEY } },
});
const asking = new Asking(hub.url);
afterAll(() => {
  asking.end();
  return hub.close();
});

const { written, lines, lineOf } = logLines(log);

const EDITOR = { authorization: `Bearer ${tokens.editor}`, host: 'localhost' };
const canary = () => `canary${randomBytes(12).toString('hex')}`;

describe('a trace of', () => {
  it('a token that is not good: who sent it, by which door', async () => {
    // Seen: no line.
    const headers = { authorization: `Bearer ${canary()}`, 'x-forwarded-for': '198.51.100.7' };
    await asking.post({ query: '{ viewer { id } }' }, { ...headers, 'x-request-id': 'by-post' });
    await asking.at('/desk/reports.geojson', { ...headers, 'x-request-id': 'at-the-map' });
    await asking.at('/metrics', { ...headers, 'x-request-id': 'for-metrics' });
    for (const [id, path] of [
      ['by-post', '/graphql'],
      ['at-the-map', '/desk/reports.geojson'],
      ['for-metrics', '/metrics'],
    ])
      expect(await lineOf(String(id))).toMatchObject({
        ...{ msg: 'a token was refused', code: 'UNAUTHENTICATED', path, client: '198.51.100.7' },
        why: expect.any(String),
      });
    await new RawSocket(hub.url).init({ authorization: `Bearer ${canary()}` }).then((socket) => socket.ended());
    await expect.poll(() => lines().filter(({ msg }) => msg === 'a token was refused').length).toBe(4);
  });

  it.each([
    ['a body that is too large', { body: 'x'.repeat(300_000) }, { status: 413 }],
    [
      'a form of another site',
      { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      { status: 415 },
    ],
    ['a document beyond the limits', { body: { query: `{${' a:__typename'.repeat(900)}}` } }, { status: 400 }],
  ] as const)('%s', async (_what, { body, ...more }, told) => {
    // Seen: no line.
    const { headers } = await asking.post(body, 'headers' in more ? more.headers : {});
    expect(await lineOf(String(headers['x-request-id']))).toMatchObject({ msg: 'refused', path: '/graphql', ...told });
  });

  it('somebody of the desk who asks for what they may not, inside an answer that is 200', async () => {
    // Seen: no line.
    const query = '{ accounts { totalCount } viewer { id } }';
    const { status, headers, body } = await asking.post({ query }, EDITOR);
    const { viewer } = JSON.parse(String(body)).data;
    expect([status, await lineOf(String(headers['x-request-id']))]).toMatchObject([
      200,
      { msg: 'refused', codes: ['FORBIDDEN'], account: viewer.id },
    ]);
  });

  it('a flood of handshakes, and bytes that are no request', async () => {
    // Seen: no line.
    // Each is counted before its document is read.
    for (let time = 0; time < 30; time += 1)
      await asking.at('/graphql/stream?query={nothing}', { accept: 'text/event-stream' });
    await expect
      .poll(() => lines().some(({ msg, code }) => msg === 'refused' && code === 'TOO_MANY_REQUESTS'))
      .toBe(true);
    await say(hub.url, ['no request at all\r\n\r\n']);
    await expect.poll(() => lines().some(({ msg }) => msg === 'refused, unreadable')).toBe(true);
  });

  it('an address that a client makes up, or a forgotten proxy hands on: which peer, once, and not the address', async () => {
    // Seen: no line; with no bound upon peers, a line for each of 5,000.
    const unnamed = await startHub({
      url,
      logger: pino({ level: 'trace', base: null }, log),
      limits: { addressPoints: 1_000_000 },
    });
    const warnings = () => lines().filter(({ msg }) => msg.startsWith('X-Forwarded-For'));
    try {
      for (const madeUp of ['198.51.100.7', '198.51.100.8'])
        await fetch(`${unnamed.url}/graphql?query=${encodeURIComponent('{ __typename }')}`, {
          headers: { 'x-forwarded-for': madeUp },
        });
      await expect
        .poll(warnings)
        .toEqual([{ level: 40, time: expect.any(Number), peer: '127.0.0.1', msg: expect.any(String) }]);
    } finally {
      await unnamed.close();
    }
    expect(warnings()).toHaveLength(1);
  });
});

describe('a trace holds', () => {
  it('no token, no key, no query string, no body', async () => {
    // Seen: with `url` in place of the path.
    const secret = canary();
    const bearer = { authorization: `Bearer ${secret}` };
    const ids: string[] = [];
    const ask = async (asked: ReturnType<typeof asking.at>) => ids.push(String((await asked).headers['x-request-id']));
    await ask(asking.post({ query: '{ viewer { id } }' }, bearer));
    await ask(asking.at(`/desk/reports.geojson?access_token=${secret}`, bearer));
    await ask(asking.get({ query: '{', token: secret }));
    await ask(asking.post(`{"query": "${secret}`, { cookie: `session=${secret}`, 'x-api-key': secret }));
    await ask(asking.post({ query: `{ ${secret} }`, operationName: `${secret} x` }, { 'idempotency-key': secret }));
    await ask(asking.at('/metrics', { authorization: `Bearer ${KEY}x` }));
    for (const id of ids) await lineOf(id);
    for (const hidden of [secret, KEY, ...Object.values(tokens)]) expect(written()).not.toContain(hidden);
  });

  it('no lines that a client made: an id that is none is not taken', async () => {
    // Seen: with WELL_FORMED taken out, the id stood in the header of the answer.
    for (const id of ['', 'a b', '"x"', 'x'.repeat(129), '<b>', 'a,b', 'é']) {
      const { headers } = await asking.post(
        { query: '{ nothing }' },
        { 'x-request-id': Buffer.from(id).toString('latin1') },
      );
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
      await lineOf(String(headers['x-request-id']));
    }
  });
});

describe('the id of a request', () => {
  it('is the client’s, where it sent one, in every answer that was worked out', async () => {
    for (const [id, path] of [
      ['0af7651916cd43dd8448eb211c80319c', '/nowhere'],
      ['a.b:c+d/e=f-g_h', `/graphql?query={__typename}#${canary()}`],
      ['x', '/healthz'],
      ['page', `/?commune=${canary()}`],
    ])
      expect((await asking.at(String(path), { 'x-request-id': String(id) })).headers['x-request-id']).toBe(id);
  });

  it('is nobody else’s: an answer that is kept has none', async () => {
    // Seen: without REQUEST_ID among OWN, everybody got the first one's.
    const path = `/?commune=${canary()}`;
    const query = { query: `query ${canary()} { __typename }` };
    for (const ask of [
      (headers: object) => asking.at(path, { ...headers }),
      (headers: object) => asking.post(query, { ...headers }),
    ]) {
      expect((await ask({ 'x-request-id': 'first' })).headers['x-request-id']).toBe('first');
      expect((await ask({ 'x-request-id': 'second' })).headers['x-request-id']).not.toBe('first');
      expect((await ask({})).headers['x-request-id']).not.toBe('first');
    }
  });
});

// The last one: for a moment after it, others are left out.
it('a flood of refusals that is to fill the disk: so many lines a second, and how many are left out', async () => {
  // Seen: with `admit` that always answers 0.
  const began = performance.now();
  for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 20 }, () => asking.post('{', {})));
  const seconds = Math.ceil((performance.now() - began) / 1_000);
  expect(lines().filter(({ msg }) => msg === 'refused').length).toBeLessThanOrEqual(20 * (seconds + 1));
  const unsaid = async () => {
    await asking.post('{');
    return lines().some((line) => Number(line.unsaid) > 0);
  };
  await expect.poll(unsaid).toBe(true);
});
