import { readFileSync } from 'node:fs';
import { getIntrospectionQuery, OperationTypeNode } from 'graphql';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { BoardSizes } from '../../../src/board/sizes/board-sizes.ts';
import { MOST_COST } from '../../../src/graphql/cost/static-cost.ts';
import { Documents, ReadDocument } from '../../../src/graphql/documents.ts';
import { LIMITS, limitFault } from '../../../src/graphql/limits.ts';
import { createSchema } from '../../../src/graphql/schema.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import { blocksOf, PAGES } from '../../support/docs/blocks.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
afterAll(() => hub.close());
const { reads } = hub.app;
const schema = createSchema(resolversOf(reads, {} as HubOffice));
const sizes = new BoardSizes(reads);
const documents = new Documents(schema, { limitFault, maxTokens: LIMITS.tokens, sizes: () => sizes.now() });
const codes = reads.territory.search('', Number.POSITIVE_INFINITY).map(({ code }) => code);
for (let storm = 0; storm < 10; storm += 1)
  await publishNew(hub, 'Alert', alertInput({ areas: [{ description: 'Partout', communes: codes }] }));

/** Two lists that hold as much as they can, one below the other; 62 bytes. */
const DEAR = '{ communes(first: 200) { nodes { situation { alerts { communes { outline } } } } } }';
const DEAR_CHANGES = `subscription { changes { publication { ${Array.from({ length: 40 }, (_, at) => `a${at}: communes { outline }`).join(' ')} } } }`;

function operationOf(query: string, name?: string) {
  const read = documents.read(query);
  if (!(read instanceof ReadDocument)) throw new Error(read.join());
  const operation = read.operation(name);
  if (!operation) throw new Error('the document has no such operation');
  return operation;
}

const costOf = (query: string, variables = {}): number => operationOf(query).cost.of(sizes.now(), variables);

interface Refusal {
  message: string;
  extensions: { code: string; limit?: { name: string; weight: number; most: number } };
}
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(hub.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const get = (path: string, query: string, headers: Record<string, string> = {}) =>
  fetch(`${hub.url}${path}?${new URLSearchParams({ query })}`, { headers });
const refusalOf = async (answer: Promise<Response>) =>
  ((await (await answer).json()) as { errors: Refusal[] }).errors[0];
async function overSocket(query: string) {
  const socket = await new RawSocket(hub.url).init();
  onTestFinished(() => socket.end());
  await socket.subscribe('1', query);
  await socket.until(() => socket.of('1').length > 0);
  return (socket.of('1')[0] as { payload: Refusal[] }).payload[0];
}

const doors: [name: string, query: string, most: number, ask: (query: string) => Promise<Refusal | undefined>][] = [
  ['POST', DEAR, MOST_COST.public.query, (query) => refusalOf(post('/graphql', { query }))],
  // The first answer came from Apollo; this one from the execution in halves.
  ['POST again', DEAR, MOST_COST.public.query, (query) => refusalOf(post('/graphql', { query }))],
  ['GET', DEAR, MOST_COST.public.query, (query) => refusalOf(get('/graphql', query))],
  ['a WebSocket', DEAR, MOST_COST.public.query, overSocket],
  ['changes on a WebSocket', DEAR_CHANGES, MOST_COST.public.subscription, overSocket],
  [
    'a stream of events',
    DEAR_CHANGES,
    MOST_COST.public.subscription,
    (query) => refusalOf(post('/graphql/stream', { query })),
  ],
];

describe('an operation that could cost too much as things stand', () => {
  it.each(doors)('is refused with its cost and the limit by %s', async (_door, query, most, ask) => {
    const { message, extensions } = (await ask(query)) ?? {};
    expect(extensions).toEqual({ code: 'BAD_REQUEST', limit: { name: 'cost', weight: expect.any(Number), most } });
    expect(extensions?.limit?.weight).toBeGreaterThan(most);
    expect(message).toContain(`at most ${most}`);
  });

  it('is refused before anything is resolved: a mutation is not done', async () => {
    const dear = 'publications { communes { situation { alerts { communes { outline } } } } }';
    const many = Array.from({ length: 20 }, (_, at) => `a${at}: ${dear}`).join(' ');
    const query = `mutation { openIncident(slug: "trop-cher", title: "Trop cher") { incident { ${many} } } }`;
    const answer = await refusalOf(post('/graphql', { query }, { authorization: `Bearer ${tokens.editor}` }));
    expect(answer?.extensions.limit).toMatchObject({ name: 'cost', most: MOST_COST.staff.query });
    const found = await hub.as('editor').request('{ incident(slug: "trop-cher") { id } }');
    expect(found).toEqual({ incident: null });
  });
});

describe('the cost of an operation', () => {
  it('follows the first of its lists, in the document and in its variables', () => {
    const query = 'query ($first: Int!) { communes(first: $first) { nodes { code } } }';
    expect(costOf(query, { first: 10 })).toBe(2 + 10 + 10);
    expect(costOf(query, { first: 100 })).toBe(2 + 100 + 100);
    expect(costOf('{ communes { nodes { code } } }')).toBe(2 + 20 + 20);
    // There are no more.
    expect(costOf(query, { first: 200 })).toBe(2 + 2 * codes.length);
  });

  it('lets an app ask what is near many places, and not sixty times at once', async () => {
    const near = 'publications(where: { near: { point: { lat: 48.6, lon: 2.3 }, radiusMetres: 9000 } }) { totalCount }';
    const asked = (times: number) => `{ ${Array.from({ length: times }, (_, at) => `a${at}: ${near}`).join(' ')} }`;
    expect((await get('/graphql', asked(20))).status).toBe(200);
    expect((await refusalOf(get('/graphql', asked(60))))?.extensions.limit?.name).toBe('cost');
  });

  it('follows what stands on the board', async () => {
    const query = '{ alerts(first: 100) { nodes { communes { code } } } }';
    const before = costOf(query);
    await publishNew(hub, 'Alert', alertInput({ areas: [{ description: 'Partout', communes: codes }] }));
    expect(costOf(query)).toBe(before + 2 + 2 * codes.length);
  });

  it('counts what the past may hold for as much as what stands', () => {
    const page = (where: string) =>
      costOf(`{ publications(first: 100, where: ${where}) { nodes { communes { code } } } }`);
    expect(page('{ states: [ENDED] }')).toBeGreaterThan(page('{ states: [IN_FORCE] }'));
  });

  it('counts a field once that two fragments select', () => {
    const twice = '{ hazards { ...A ...B } } fragment A on Hazard { code } fragment B on Hazard { code }';
    expect(costOf(twice)).toBe(costOf('{ hazards { code } }'));
  });

  it('of the schema itself is its exact size: an app may ask for it whole, and not ten times', () => {
    const options = { inputValueDeprecation: true, specifiedByUrl: true, schemaDescription: true };
    const whole = costOf(getIntrospectionQuery({ ...options, directiveIsRepeatable: true, oneOf: true }));
    expect(whole).toBeLessThan(MOST_COST.public.query);
    const types = '__schema { types { name fields { name args { name type { name } } type { name } } } }';
    expect(costOf(`{ a: ${types} b: ${types} }`)).toBe(2 * costOf(`{ ${types} }`));
    const ten = Array.from({ length: 10 }, (_, at) => `a${at}: ${types}`).join(' ');
    expect(costOf(`{ ${ten} }`)).toBeGreaterThan(MOST_COST.public.query);
  });

  it('of a type that a variable names is that of one of the largest', () => {
    const named = costOf('{ __type(name: "Hazard") { fields { name } } }');
    const unknown = costOf('query ($name: String!) { __type(name: $name) { fields { name } } }', { name: 'Hazard' });
    expect(unknown).toBeGreaterThan(named);
  });
});

/** A document that stands in a bench under a name. */
function inBench(file: string, name: string): string {
  const [, query] =
    new RegExp(`const ${name} = \`([^\`]*)\``).exec(readFileSync(`test/bench/query/${file}`, 'utf8')) ?? [];
  if (query === undefined) throw new Error(`${file} has no ${name}`);
  return query;
}

describe('what apps ask for', () => {
  const blocks = PAGES.flatMap(blocksOf).filter(({ language, said }) => language === 'graphql' && !said['no-run']);
  const asked: [place: string, query: string][] = [
    ...blocks.map(({ page, line, code }): [string, string] => [`${page}:${line}`, code]),
    ['the bench of queries', inBench('hot-query.mjs', 'HOT_QUERY')],
    ['the bench of tables', inBench('tables.mjs', 'EVERYTHING')],
    [
      'graphql-js',
      getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, schemaDescription: true }),
    ],
  ];

  it.each(asked)('costs less than it may while ten storms are told of everywhere: %s', (_place, query) => {
    const read = documents.read(query);
    if (!(read instanceof ReadDocument)) throw new Error(read.join());
    const operations = read.document.definitions.flatMap((one) => (one.kind === 'OperationDefinition' ? [one] : []));
    expect(operations.length).toBeGreaterThan(0);
    for (const { name, operation } of operations) {
      const cost = operationOf(query, name?.value).cost.of(sizes.now(), {});
      const of = operation === OperationTypeNode.MUTATION ? MOST_COST.staff : MOST_COST.public;
      const most = operation === OperationTypeNode.SUBSCRIPTION ? of.subscription : of.query;
      expect(cost).toBeGreaterThan(0);
      expect(cost).toBeLessThan(most);
    }
  });
});
