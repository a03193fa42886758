import { once } from 'node:events';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

/** A bucket holds 20 points here: the first query that is worked out overdraws it for minutes. The tests speak as proxies do. */
const { url } = await testDatabase();
const limits = { addressPoints: 1, identityPoints: 1, addressStreams: 2, failedTokens: 1 };
const hub = await startHub({ url, limits, trustedProxies: ['127.0.0.1', '::1'] });
afterAll(() => hub.close());

interface Refusal {
  extensions: { code: string; retryAfterSeconds?: number; limit?: { name: string; weight: number } };
}

const QUERY = '{ publications { totalCount } }';
const CHANGES = 'subscription { changes { type } }';
const REFUSED = { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: expect.any(Number) };

let last = 0;
const next = (): number => {
  last += 1;
  return last;
};
/** An address that nobody has spoken from yet. */
const newAddress = (): string => `192.0.2.${next()}`;
/** A query in words that nobody has asked in yet, so that its answer is not kept. */
const newQuery = (): string => `query Q${next()} ${QUERY}`;
const token = (persona: keyof typeof tokens) => ({ authorization: `Bearer ${tokens[persona]}` });
const from = (address: string) => ({ 'x-forwarded-for': address });

const post = (headers: Record<string, string>, query: string, path = '/graphql') =>
  fetch(hub.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
const get = (headers: Record<string, string>, query: string, path = '/graphql') =>
  fetch(`${hub.url}${path}?${new URLSearchParams({ query })}`, { headers });

/** Leaves an address nothing to spend: its query was not asked before, so its answer is not kept. */
async function spendAll(headers: Record<string, string>): Promise<void> {
  expect((await post(headers, newQuery())).status).toBe(200);
}

/** Answers how much was counted. */
async function expectRefusal(answer: Response, bound: string): Promise<number> {
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  const { errors } = (await answer.json()) as { errors: Refusal[] };
  expect(errors[0]?.extensions).toMatchObject({ ...REFUSED, limit: { name: bound } });
  return errors[0]?.extensions.limit?.weight ?? 0;
}

describe('an address that has spent everything', () => {
  it.each([
    ['POST', post],
    ['GET', get],
    [
      'a persisted query',
      (headers: Record<string, string>, query: string) => post({ ...headers, cookie: 'a=b' }, query),
    ],
  ])('is refused a new query by %s, with the time to come back, while others are answered', async (_door, ask) => {
    const headers = from(newAddress());
    await spendAll(headers);
    await expectRefusal(await ask(headers, newQuery()), 'addressPoints');
    expect((await ask(from(newAddress()), newQuery())).status).toBe(200);
  });

  it('still gets every answer that is kept', async () => {
    const headers = from(newAddress());
    await post(from(newAddress()), QUERY);
    await spendAll(headers);
    for (let n = 0; n < 20; n += 1) expect((await post(headers, QUERY)).status).toBe(200);
  });

  it.each([
    ['a query', QUERY],
    ['changes', CHANGES],
  ])('is refused %s on its WebSocket', async (_what, query) => {
    const headers = from(newAddress());
    const socket = await new RawSocket(hub.url, { headers }).init();
    onTestFinished(() => socket.end());
    await spendAll(headers);
    await socket.subscribe('1', query);
    await socket.until(() => socket.of('1').length > 0);
    const { type, payload } = socket.of('1')[0] as { type: string; payload: Refusal[] };
    expect(type).toBe('error');
    expect(payload[0]?.extensions).toMatchObject(REFUSED);
  });

  it('pays for the queries that it asks on its WebSocket', async () => {
    const headers = from(newAddress());
    const socket = await new RawSocket(hub.url, { headers }).init();
    onTestFinished(() => socket.end());
    const wide = '{ communes(first: 200) { nodes { code name } } }';
    await socket.subscribe('1', wide);
    await socket.until(() => socket.of('1').length > 1);
    // 194 communes with two fields each, and 200 to begin.
    expect(await expectRefusal(await post(headers, newQuery()), 'addressPoints')).toBeGreaterThan(200 + 3 * 194);
  });

  it('is refused an event stream, and an EventSource is told when to come back', async () => {
    const headers = from(newAddress());
    await spendAll(headers);
    await expectRefusal(await post(headers, CHANGES, '/graphql/stream'), 'addressPoints');
    const stream = await get({ ...headers, accept: 'text/event-stream' }, CHANGES, '/graphql/stream');
    expect(await stream.text()).toMatch(/^retry: \d+000\n: TOO_MANY_REQUESTS\n/);
  });

  it('is refused a feed that has to be made, and gets one that is kept', async () => {
    const headers = from(newAddress());
    await spendAll(headers);
    await expectRefusal(await fetch(`${hub.url}/feeds/alerts.atom?commune=91228`, { headers }), 'addressPoints');
    // In its first second a feed is not kept yet.
    const keptStatus = async () => {
      await fetch(`${hub.url}/feeds/alerts.atom?commune=91228`, { headers: from(newAddress()) });
      return (await fetch(`${hub.url}/feeds/alerts.atom?commune=91228`, { headers })).status;
    };
    await expect.poll(keptStatus, { timeout: 20_000 }).toBe(200);
  });

  it('does not keep people with a token from working', async () => {
    // A proxy that says nothing is a client itself; the tokens of development are good without a proxy alone.
    await spendAll({});
    await expectRefusal(await post({}, newQuery()), 'addressPoints');
    expect((await post(token('editor'), '{ viewer { name } }')).status).toBe(200);
  });
});

it('refuses a person who has spent everything, and nobody else at the same address', async () => {
  expect((await post(token('validator'), '{ viewer { name } }')).status).toBe(200);
  await expectRefusal(await post(token('validator'), '{ viewer { name } }'), 'identityPoints');
  await expectRefusal(await post(token('validator'), CHANGES, '/graphql/stream'), 'identityPoints');
  expect((await post(token('checker'), '{ viewer { name } }')).status).toBe(200);
});

it('refuses a third stream of one address, by WebSocket and by events, until one has closed', async () => {
  const headers = from(newAddress());
  const first = await new RawSocket(hub.url, { headers }).init();
  const second = await new RawSocket(hub.url, { headers }).init();
  onTestFinished(() => second.end());
  await expectRefusal(await get(headers, CHANGES, '/graphql/stream'), 'addressStreams');
  const third = new WebSocket(`${hub.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  const [, answer] = await once(
    third.on('error', () => undefined),
    'unexpected-response',
  );
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '30']);
  third.terminate();
  await first.end();
  await expect
    .poll(() => new RawSocket(hub.url, { headers }).init().then((s) => s.end().then(() => s.heard.length)))
    .toBe(1);
});

it('looks at no more tokens of an address that sent many bad ones', async () => {
  const headers = { ...from(newAddress()), authorization: 'Bearer guessed' };
  let failed = 0;
  let answer = await post(headers, QUERY);
  for (; answer.status === 401 && failed < 100; failed += 1) answer = await post(headers, QUERY);
  expect(failed).toBeGreaterThanOrEqual(20);
  await expectRefusal(answer, 'failedTokens');
});

it('says in its metrics how often it refused somebody', async () => {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  expect(text).toMatch(/tocsin_refused_total\{bound="addressPoints"\} [1-9]/);
});
