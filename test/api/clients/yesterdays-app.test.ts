import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { InMemoryCache } from '@apollo/client';
import type { Exchange } from '@urql/core';
import type { CacheExchangeOpts } from '@urql/exchange-graphcache';
import {
  buildASTSchema,
  type DocumentNode,
  findBreakingChanges,
  findDangerousChanges,
  introspectionFromSchema,
  parse,
  print,
  type TypeNode,
  validate,
  validateSchema,
  visit,
} from 'graphql';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { objectTypesOf } from '../../../scripts/object-types.mjs';
import { testDatabase } from '../../support/database/database.ts';
import { adviceInput, aidPointInput, alertInput, closureInput, publishNew } from '../../support/desk/desk.ts';
import { apolloClient, type CachingClient, graphcacheClient } from '../../support/following/caching-clients.ts';
import { startHub } from '../../support/hub/hub.ts';

/**
 * An app that was generated, and shipped with the caches of tocsin/client, before the schema grew by a kind of publication and by values of
 * open enums (S-3). It reads what today's hub answers.
 */
const today = parse(readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'));
const GROWN = { type: 'AidPointPublication', values: ['PublicationKind.AID_POINT', 'ClosureRestriction.PARKING_BAN'] };

const GROWTH = ['VALUE_ADDED_TO_ENUM', 'VALUE_ADDED_TO_ENUM'];

const nameOf = (type: TypeNode): string => (type.kind === 'NamedType' ? type.name.value : nameOf(type.type));

function before(schema: DocumentNode): DocumentNode {
  return visit(schema, {
    ObjectTypeDefinition: ({ name }) => (name.value === GROWN.type ? null : undefined),
    FieldDefinition: ({ type }) => (nameOf(type) === GROWN.type ? null : undefined),
    EnumTypeDefinition: (node) => ({
      ...node,
      values: (node.values ?? []).filter((value) => !GROWN.values.includes(`${node.name.value}.${value.name.value}`)),
    }),
  });
}
const yesterday = before(today);
const schemas = { today: buildASTSchema(today), yesterday: buildASTSchema(yesterday) };

/** The modules of tocsin/client as they were made of yesterday's schema. */
async function shippedYesterday() {
  const source = stripTypeScriptTypes(objectTypesOf(print(yesterday)));
  const known: Record<string, unknown> = {};
  new Function('known', source.replace(/^export const (\w+)\s*=/gm, 'known.$1 ='))(known);
  vi.resetModules();
  vi.doMock('../../../src/client/object-types.ts', () => ({ ...known }));
  const { HubCache, possibleTypes } = await import('../../../src/client/apollo.ts');
  const { hubCacheExchange } = await import('../../../src/client/graphcache.ts');
  vi.doUnmock('../../../src/client/object-types.ts');
  return {
    possibleTypes,
    apollo: (): InMemoryCache => new HubCache(),
    graphcache: (options: CacheExchangeOpts = {}): Exchange => hubCacheExchange(options),
  };
}
const shipped = await shippedYesterday();

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());
const asOf = (await hub.as().request<{ alerts: { asOf: string } }>('{ alerts { asOf } }')).alerts.asOf;
const advice = await publishNew(hub, 'Advice', adviceInput());
await publishNew(hub, 'Alert', alertInput({ adviceIds: [advice.id] }));
await publishNew(hub, 'AidPoint', aidPointInput());
await publishNew(hub, 'Closure', closureInput({ restriction: 'PARKING_BAN' }));

const settings = { url: `${hub.url}/graphql` };
const CLIENTS: [string, () => CachingClient][] = [
  ['Apollo Client', () => apolloClient(settings, shipped.apollo())],
  ['graphcache', () => graphcacheClient(settings, shipped.graphcache())],
];

const CARD = `fragment Card on Publication { __typename id thread position state text { __typename headline }
  ... on AlertPublication { severity advice { __typename id dos } } ... on ClosurePublication { restriction } }`;
const LIST = (where: string) =>
  `query List { __typename publications${where} { __typename asOf position totalCount nodes { __typename ...Card } } } ${CARD}`;
const KINDS = '(where: { kinds: [ALERT, ADVICE, EVENT, CLOSURE, CORRECTION] })';
const NAMED = LIST(KINDS);
const ALL = LIST('(first: 20)');
/** What stands at the list itself needs no fragment that an old app would have to match. */
const PLAIN =
  '{ __typename publications(first: 20) { __typename asOf position nodes { __typename id thread position url text { __typename headline } } } }';
const CHANGES = `query Changes($after: Cursor!) { __typename changes(after: $after) { __typename nodes { __typename cursor type match ring
  publication { __typename id thread position text { __typename headline } } } } }`;

interface Row {
  __typename: string;
  id?: string;
  restriction?: string;
}
interface Listed {
  publications: { totalCount: number; nodes: Row[] };
}

afterEach(() => vi.restoreAllMocks());
const answered = <T>(query: string, variables: object = {}) => hub.as().request<T>(query, variables);

describe('the app', () => {
  it('was made of a schema that has grown since, by nothing that breaks it', () => {
    expect(validateSchema(schemas.yesterday)).toEqual([]);
    expect(findBreakingChanges(schemas.yesterday, schemas.today)).toEqual([]);
    const grown = findDangerousChanges(schemas.yesterday, schemas.today).map(({ type }) => type);
    expect(grown.sort()).toEqual(GROWTH);
    expect(shipped.possibleTypes.Publication).not.toContain(GROWN.type);
    for (const document of [NAMED, ALL, PLAIN, CHANGES])
      for (const schema of [schemas.yesterday, schemas.today]) expect(validate(schema, parse(document))).toEqual([]);
  });
});

/** graphcache with a schema throws at a type that is not in it: kinds are named there, or nothing is read (docs/clients.md). */
const AWARE: (typeof CLIENTS)[number] = [
  'graphcache that knows the schema of yesterday',
  () => graphcacheClient(settings, shipped.graphcache({ schema: introspectionFromSchema(schemas.yesterday) })),
];

it.each([...CLIENTS, AWARE])(
  '%s reads whole what it lists by kinds that it knows, with a value that it never heard of',
  async (_name, start) => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const app = start();
    const list = await app.ask<Listed>(NAMED);
    expect(list).toEqual(await answered(NAMED));
    expect(app.kept(NAMED)).toEqual(list);
    expect(list.publications.nodes.map(({ restriction }) => restriction)).toContain('PARKING_BAN');
    expect(list.publications.nodes).toHaveLength(3);
  },
);

describe.each(CLIENTS)('%s of yesterday', (_name, start) => {
  it('reads of a kind that it does not know what every publication has, where no fragment stands before it', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const app = start();
    const list = await app.ask<Listed>(PLAIN);
    expect(list).toEqual(await answered(PLAIN));
    expect(app.kept(PLAIN)).toEqual(list);
    expect(list.publications.nodes.map(({ __typename }) => __typename)).toContain(GROWN.type);
  });

  it('loses no row that it knows to one that it does not, behind a fragment', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const app = start();
    const list = await app.ask<Listed>(ALL);
    const { publications } = await answered<Listed>(ALL);
    expect(list.publications.totalCount).toBe(4);
    const known = ({ __typename }: Row) => __typename !== GROWN.type;
    for (const read of [list, app.kept<Listed>(ALL)]) {
      expect(read?.publications.nodes.filter(known)).toEqual(publications.nodes.filter(known));
      expect(read?.publications.nodes.find((row) => !known(row))).toMatchObject({ __typename: GROWN.type });
    }
  });

  it('reads changes of what it knows and of what it does not', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const app = start();
    const changes = await app.ask<{ changes: { nodes: object[] } }>(CHANGES, { after: asOf });
    expect(changes).toEqual(await answered(CHANGES, { after: asOf }));
    expect(changes.changes.nodes).toHaveLength(4);
    expect(app.kept(CHANGES, { after: asOf })).toEqual(changes);
  });
});
