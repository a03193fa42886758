import fc, { type Arbitrary } from 'fast-check';

/** Inputs that no client means: for finding crashes and leaks. Each is a request, or what is said over a WebSocket. */
export type Fuzzed =
  | { door: 'post'; body: string; headers: Record<string, string> }
  | { door: 'get'; path: string; headers: Record<string, string> }
  | { door: 'frames'; messages: readonly (string | Uint8Array)[] };

const WORDS =
  'query mutation subscription fragment on { } ( ) : ! [ ] $ @ ... = | & # " """ \\ , 0 -1 1.5e9 true null __typename __schema __type name fields communes publications situation changes publication viewer hazards dossiers reports first after where place commune point id code nodes edges cursor totalCount @skip @include @defer F a b $v "91345" "x" ID! Cursor'.split(
    ' ',
  );
const HEADERS =
  'accept accept-encoding accept-language authorization content-type cookie expect forwarded host idempotency-key if-modified-since if-none-match last-event-id origin range te upgrade x-forwarded-for'.split(
    ' ',
  );
const PATHS = [
  '/',
  '/graphql',
  '/graphql/stream',
  '/publications/',
  '/feeds/alerts.atom',
  '/feeds/publications.rss',
  '/feeds/publications.json',
  '/feeds/events.ics',
  '/feeds/social/x.csv',
  '/geo/alerts.geojson',
  '/geo/reports.geojson',
  '/desk/reports.geojson',
  '/desk/exports/reports.csv',
  '/desk/exports/log.csv',
  '/cards/',
  '/healthz',
  '/schema.graphql',
];

const odd = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }));
const soup = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...WORDS) }, odd), { maxLength: 60 })
  .map((all) => all.join(' '));
/** A document that is valid but for one cut, repeat or exchange. */
const bent = (documents: readonly string[]): Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...documents), fc.nat(400), fc.nat(40), fc.constantFrom('', ' ', ...WORDS))
    .map(([text, at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
const cursor = fc
  .oneof(
    fc.json({ maxDepth: 2 }),
    odd,
    fc.tuple(fc.nat(3), fc.uuid(), fc.integer()).map((parts) => parts.join('.')),
  )
  .map((text) => Buffer.from(text).toString('base64url'));
/** What a header may hold as Node.js sends it. */
const headerValue = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 80,
});
const headers = fc.dictionary(
  fc.constantFrom(...HEADERS.filter((name) => name !== 'expect' && name !== 'upgrade' && name !== 'te')),
  headerValue,
  { maxKeys: 3 },
);

/** Requests and messages that begin with these valid documents. */
export function fuzzed(documents: readonly string[]): Arbitrary<Fuzzed> {
  const document = fc.oneof(soup, bent(documents), fc.constantFrom(...documents));
  const variables = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.record({ after: cursor, search: odd, first: fc.integer(), id: fc.oneof(odd, fc.uuid()) }, { requiredKeys: [] }),
  );
  const operation = fc.record(
    {
      query: fc.oneof({ weight: 9, arbitrary: document }, fc.jsonValue()),
      variables,
      operationName: odd,
      extensions: fc.jsonValue(),
    },
    { requiredKeys: ['query'] },
  );
  const body = fc.oneof({ weight: 8, arbitrary: operation.map((value) => JSON.stringify(value)) }, fc.json(), odd);
  const message = fc.record(
    {
      id: fc.oneof(odd, fc.constantFrom('1', '2')),
      type: fc.constantFrom('subscribe', 'complete', 'ping', 'pong', 'next', 'connection_init'),
      payload: fc.oneof({ weight: 4, arbitrary: operation }, fc.jsonValue()),
    },
    { requiredKeys: ['type'] },
  );
  const said = fc.oneof(
    { weight: 6, arbitrary: message.map((value) => JSON.stringify(value)) },
    odd,
    fc.uint8Array({ maxLength: 200 }),
  );
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        door: fc.constant('post' as const),
        body,
        headers: headers.map((all) => ({ ...all, 'content-type': 'application/json' })),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        door: fc.constant('get' as const),
        path: fc
          .tuple(
            fc.constantFrom(...PATHS),
            odd,
            fc.constantFrom('query', 'variables', 'commune', 'language', 'kind', 'after'),
            fc.oneof(document, odd, cursor),
          )
          .map(
            ([path, more, name, value]) =>
              `${path}${path.endsWith('/') ? encodeURIComponent(more.toWellFormed()) : ''}?${name}=${encodeURIComponent(value.toWellFormed())}`,
          ),
        headers,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        door: fc.constant('frames' as const),
        messages: fc.array(said, { minLength: 1, maxLength: 8 }),
      }),
    },
  );
}
