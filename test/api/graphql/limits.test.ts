import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { LIMITS } from '../../../src/graphql/limits.ts';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Refusal {
  message: string;
  extensions: { code: string; limit?: { name: string; weight: number; most: number } };
}

const many = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');
/** No field of the schema leads so deep without a relation that stands twice: those that are unknown do. */
const nested = (depth: number): string => (depth === 0 ? 'name' : `deeper { ${nested(depth - 1)} }`);
const wide = '{ communes { nodes { ';

const JSON_BODY = { 'content-type': 'application/json' };
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(hub.url + path, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body: JSON.stringify(body) });
const get = (path: string, parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${hub.url}${path}?${new URLSearchParams(parameters)}`, { headers });
const refusalOf = async (answer: Response) => ((await answer.json()) as { errors: Refusal[] }).errors[0];
/** The errors of a stream stand in its first event. */
const refusalIn = async (stream: Response) => {
  const [, data = ''] = /^data: (.*)$/m.exec(await stream.text()) ?? [];
  return (JSON.parse(data) as { errors: Refusal[] }).errors[0];
};
const hashed = (query: string) =>
  JSON.stringify({ persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } });

/** How a document is refused, by each door through which it comes in. */
const doors: Record<string, (query: string) => Promise<Refusal | undefined>> = {
  POST: async (query) => refusalOf(await post('/graphql', { query })),
  GET: async (query) => refusalOf(await get('/graphql', { query })),
  'a persisted query': async (query) => refusalOf(await get('/graphql', { query, extensions: hashed(query) })),
  'a request with an Idempotency-Key': async (query) =>
    refusalOf(await post('/graphql', { query }, { 'idempotency-key': 'limits' })),
  'a WebSocket': async (query) => {
    const socket = await new RawSocket(hub.url).init();
    onTestFinished(() => socket.end());
    await socket.subscribe('1', query);
    await socket.until(() => socket.of('1').length > 0);
    return (socket.of('1')[0] as { payload: Refusal[] }).payload[0];
  },
  'a stream of events': async (query) =>
    refusalIn(await post('/graphql/stream', { query }, { accept: 'text/event-stream' })),
  'an EventSource': async (query) =>
    refusalIn(await get('/graphql/stream', { query }, { accept: 'text/event-stream' })),
  'a stream that is read as JSON': async (query) => refusalOf(await post('/graphql/stream', { query })),
};

const documents: [limit: string, most: number, weight: number, document: string][] = [
  ['depth', LIMITS.depth, 17, `{ communes { nodes { ${nested(14)} } } }`],
  ['fields', LIMITS.fields, 703, `${wide}${'code '.repeat(701)} } } }`],
  ['aliases', LIMITS.aliases, 80, `${wide}${many(80, (i) => `a${i}: code`)} } } }`],
  ['introspections', LIMITS.introspections, 12, `{ ${many(12, (i) => `t${i}: __type(name: "Query") { name }`)} }`],
  ['operations', LIMITS.operations, 11, many(11, (i) => `query q${i} { hazards { code } }`)],
  [
    'fragments',
    LIMITS.fragments,
    51,
    `{ ${many(51, (i) => `...f${i}`)} } ${many(51, (i) => `fragment f${i} on Query { __typename }`)}`,
  ],
  ['tokens', LIMITS.tokens, LIMITS.tokens + 1, `${wide}${'code '.repeat(5_100)} } } }`],
  ['situation', 1, 2, '{ situation(place: { commune: "91345" }) { commune { situation { asOf } } } }'],
];

describe.each(Object.entries(doors))('a document that goes beyond a limit, by %s', (door, refused) => {
  it.each(documents.filter(([limit]) => limit !== 'tokens' || !/GET|persisted|EventSource/.test(door)))(
    'is told the limit, the most that it may be, and its own weight: %s',
    async (name, most, weight, document) => {
      const { message, extensions } = (await refused(document)) ?? {};
      expect(extensions).toEqual({ code: 'BAD_REQUEST', limit: { name, weight, most } });
      expect(message).toContain(name === 'situation' ? 'only once' : `${most}`);
      if (name !== 'tokens' && name !== 'situation') expect(message).toContain(`not ${weight}`);
    },
  );
});

it('a body that is too large is told how large it is, where it says so, and else where reading stopped', async () => {
  const query = `{ hazards { code } } # ${'x'.repeat(LIMITS.body)}`;
  const bytes = JSON.stringify({ query }).length;
  for (const path of ['/graphql', '/graphql/stream']) {
    const { message, extensions } = (await refusalOf(await post(path, { query }))) ?? {};
    expect(extensions).toEqual({ code: 'BAD_REQUEST', limit: { name: 'body', weight: bytes, most: LIMITS.body } });
    expect(message).toBe(`a body may have at most ${LIMITS.body} bytes, not ${bytes}`);
  }
  const chunked = new Blob([JSON.stringify({ query })]).stream();
  const unannounced = { method: 'POST', headers: JSON_BODY, body: chunked, duplex: 'half' } as RequestInit;
  expect((await refusalOf(await fetch(`${hub.url}/graphql`, unannounced)))?.extensions.limit?.weight).toBe(
    LIMITS.body + 1,
  );
});

it('one operation more than a WebSocket may have open is told how many that is', async () => {
  const socket = await new RawSocket(hub.url).init();
  onTestFinished(() => socket.end());
  for (let index = 0; index <= LIMITS.openOperations; index += 1)
    await socket.subscribe(`s${index}`, 'subscription { changes { cursor } }');
  const last = `s${LIMITS.openOperations}`;
  await socket.until(() => socket.of(last).length > 0);
  const [refusal] = (socket.of(last)[0] as { payload: Refusal[] }).payload;
  const limit = { name: 'openOperations', weight: LIMITS.openOperations + 1, most: LIMITS.openOperations };
  expect(refusal?.extensions).toEqual({ code: 'TOO_MANY_REQUESTS', limit });
  expect(refusal?.message).toContain(`at most ${limit.most}`);
});

it('a document that fails in other ways besides is told the limit alone, before it is validated', async () => {
  const refusal = await refusalOf(
    await post('/graphql', { query: `{ nope ${wide.slice(1)}${'code '.repeat(701)} } } }` }),
  );
  expect(refusal?.message).toMatch(/not 704$/);
  expect(refusal?.extensions.limit).toEqual({ name: 'fields', weight: 704, most: LIMITS.fields });
});

it('older tools may ask for five types in one operation before they download the schema', async () => {
  const types = ['__Schema', '__Type', '__Directive', '__Field', '__InputValue'];
  const fields = 'fields { name args { name } }';
  const query = `query { ${types.map((name) => `${name.slice(2).toLowerCase()}: __type(name: "${name}") { ${fields} }`).join(' ')} }`;
  const { data } = (await (await post('/graphql', { query })).json()) as { data: Record<string, { fields: object[] }> };
  expect(Object.values(data).map(({ fields }) => fields.length > 3)).toEqual(types.map(() => true));
});
