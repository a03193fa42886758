import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const JSON_TYPE = { 'content-type': 'application/json' };
const MOST_BYTES = 255_000;
const hashOf = (text) => createHash('sha256').update(text).digest('hex');

const post = (body, headers = {}) => ({
  method: 'POST',
  path: '/graphql',
  headers: { ...JSON_TYPE, ...headers },
  body,
});
const get = (path, headers = {}) => ({ method: 'GET', path, headers });
const json = (value, headers) => post(JSON.stringify(value), headers);
const byAddress = (query) => get(`/graphql?query=${encodeURIComponent(query)}`);

/** Requests at /graphql that are of an odd form, each made anew for a number, so that nothing kept answers it. */
export const BODIES = {
  'a batch of 1,000': (n) => json(Array.from({ length: 1_000 }, () => ({ query: `{ __typename } #${n}` }))),
  'blanks of 255 kB': () => post(' '.repeat(MOST_BYTES)),
  'a body beyond the limit': () => post(' '.repeat(300_000)),
  '10,000 chunks of a byte': () => ({ ...post(' '.repeat(10_000)), chunks: 10_000 }),
  '250 kB in chunks': (n) => ({
    ...post(`{"query":"{ __typename } #${n}${'x'.repeat(MOST_BYTES - 60)}"}`),
    chunks: 10,
  }),
  'JSON that ends too soon': () => post(`{"query":"${'a'.repeat(MOST_BYTES - 20)}`),
  '120,000 brackets': () => post('['.repeat(MOST_BYTES / 2)),
  'variables 60,000 deep': (n) =>
    post(
      `{"query":"query ($s: String) { communes(search: $s) { totalCount } } #${n}","variables":{"s":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`,
    ),
  '20,000 variables that nobody declared': (n) =>
    json({
      query: `{ __typename } #${n}`,
      variables: Object.fromEntries(Array.from({ length: 14_000 }, (_, at) => [`v${at}`, at])),
    }),
  'a filter of 20,000 unknown communes': (n) =>
    json({
      query: `query ($where: PublicationFilter) { publications(where: $where) { totalCount } } #${n}`,
      variables: { where: { communes: Array.from({ length: 20_000 }, (_, at) => String(10_000 + at)) } },
    }),
  'a filter of 20,000 words for one': (n) =>
    json({
      query: `query ($where: PublicationFilter) { publications(where: $where) { totalCount } } #${n}`,
      variables: { where: { search: 'inondation '.repeat(18) } },
    }),
  'a cursor of 200 kB': (n) =>
    json({
      query: `query ($after: Cursor) { changes(after: $after) { endCursor } } #${n}`,
      variables: { after: 'x'.repeat(200_000) },
    }),
  'a prototype in every place': (n) =>
    post(
      `{"query":"{ viewer { id } } #${n}","__proto__":{"a":1},"variables":{"__proto__":{"a":1}},"extensions":{"__proto__":{"a":1}}}`,
    ),
  'a persisted query that is not there': (n) =>
    json({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(`{ a${n} }`) } } }),
  'a persisted query under another hash': (n) =>
    json({ query: `{ __typename } #${n}`, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('x') } } }),
  'a persisted query that is new': (n) => {
    const query = `{ hazards { code } } #${n}`;
    return json({ query, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(query) } } });
  },
  'a mutation by nobody': (n) =>
    json({ query: `mutation { openIncident(slug: "a-${n}", title: "x") { incident { id } } }` }),
  'a mutation with a key': (n) =>
    json(
      { query: `mutation { openIncident(slug: "b-${n}", title: "x") { incident { id } } }` },
      { 'idempotency-key': `key-${n}` },
    ),
  'a token that is none': (n) =>
    json({ query: '{ viewer { id } }' }, { authorization: `Bearer ${'x'.repeat(4_000)}${n}` }),
  'gzip that unfolds to 20 MB': () => post(gzipSync(Buffer.alloc(20_000_000)), { 'content-encoding': 'gzip' }),
  'a form': (n) => post(`query=${n}`, { 'content-type': 'application/x-www-form-urlencoded' }),
  'no type': (n) => post(`{"query":"{ __typename } #${n}"}`, { 'content-type': '' }),
  'a subscription by POST': (n) => json({ query: `subscription { changes { cursor } } #${n}` }),
  'a GET of 14 kB': (n) => byAddress(`{ __typename ${'# comment '.repeat(900)} ${n}\n}`),
  'a GET with a mutation': (n) =>
    byAddress(`mutation { openIncident(slug: "c-${n}", title: "x") { incident { id } } }`),
  'an address of 15 kB': (n) => get(`/graphql?${'a=1&'.repeat(3_700)}b=${n}`),
  'Accept of 10 kB': (n) => ({
    ...byAddress(`{ __typename } #${n}`),
    headers: { accept: `text/${'a;'.repeat(5_000)}` },
  }),
  'Accept-Encoding of 10 kB': (n) => ({
    ...byAddress(`{ __typename } #${n}`),
    headers: { 'accept-encoding': ', ;q=1'.repeat(2_000) },
  }),
  'If-None-Match of 10 kB': (n) => ({
    ...byAddress(`{ __typename } #${n}`),
    headers: { 'if-none-match': `W/"${'", W/"'.repeat(1_900)}` },
  }),
  'an event stream of a query': (n) =>
    get(`/graphql/stream?query=${encodeURIComponent(`{ viewer { id } } #${n}`)}`, { accept: 'text/event-stream' }),
  'an event stream from nowhere': (n) =>
    get(`/graphql/stream?query=${encodeURIComponent(`subscription { changes { cursor } } #${n}`)}`, {
      accept: 'text/event-stream',
      'last-event-id': 'x'.repeat(5_000),
    }),
};
