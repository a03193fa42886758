import { buildSchema, getNullableType, isInputObjectType, isInterfaceType, isListType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import costs from '../../../schema/costs.json' with { type: 'json' };
import { SizeTable, sizesOf } from '../../../src/board/sizes/document-sizes.rules.ts';
import { declaredCost } from '../../../src/graphql/cost/declared-costs.ts';
import { type KnownSizes, NOTHING_KNOWN } from '../../../src/graphql/cost/known-sizes.ts';
import { Documents, ReadDocument } from '../../../src/graphql/documents.ts';
import { createSchema, printedSchema } from '../../../src/graphql/schema.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';

const schema = createSchema(resolversOf({} as never, {} as HubOffice));
const documents = new Documents(schema, { maxTokens: 5_000 });
function costOf(query: string, sizes: KnownSizes = NOTHING_KNOWN, variables = {}): number {
  const read = documents.read(query);
  if (!(read instanceof ReadDocument)) throw new Error(read.join());
  return read.operation(undefined)?.cost.of(sizes, variables) ?? Number.NaN;
}

describe('schema/costs.json', () => {
  const owners = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) || isInterfaceType(type));
  const fields = owners
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((owner) => Object.values(owner.getFields()).map((field) => ({ owner, field })));

  it('says of every list how long it may be, but of those of a page, which `first` bounds', () => {
    const unbounded = fields
      .filter(({ owner, field }) => isListType(getNullableType(field.type)) && !owner.name.endsWith('Connection'))
      .filter(({ owner, field }) => {
        const { assumedSize, slicedBy } = declaredCost(owner, field);
        return assumedSize === undefined && slicedBy === undefined;
      });
    expect(unbounded.map(({ owner, field }) => `${owner.name}.${field.name}`)).toEqual([]);
    const pages = fields.filter(({ owner, field }) => declaredCost(owner, field).sizedFields);
    expect(pages.length).toBeGreaterThan(10);
  });

  it('names nothing that the schema does not have', () => {
    const inputs = Object.values(schema.getTypeMap())
      .filter(isInputObjectType)
      .flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));
    const coordinates = fields.map(({ owner, field }) => `${owner.name}.${field.name}`);
    const known = new Set([...coordinates, ...owners.map(({ name }) => name), ...inputs]);
    const named = Object.values(costs).flatMap(Object.keys);
    expect(named.filter((coordinate) => !known.has(coordinate))).toEqual([]);
  });
});

const NEAR = '{ point: { lat: 48.6, lon: 2.3 }, radiusMetres: 100 }';
const BOX = '{ west: 2, south: 48, east: 3, north: 49 }';

describe('the cost of an operation of which nothing is known', () => {
  it.each([
    ['a field', '{ viewer { id } }', 2],
    ['a page', '{ communes(first: 7) { nodes { code } } }', 2 + 7 + 7],
    ['a page without `first`', '{ communes { totalCount nodes { code } } }', 3 + 20 + 20],
    ['edges', '{ communes(first: 7) { edges { node { code } } } }', 2 + 7 + 7 + 7],
    ['two keys', '{ a: communes(first: 7) { nodes { code } } b: communes(first: 7) { nodes { code } } }', 2 * 16],
    ['one key twice', '{ communes(first: 7) { nodes { code } } communes(first: 7) { nodes { code } } }', 16],
    ['a geometry', '{ commune(code: "91228") { outline } }', 1 + 20],
    ['a list that the schema bounds', '{ commune(code: "91228") { postalCodes } }', 2 + 10],
    ['lists in lists', '{ alerts(first: 3) { nodes { communes { code } } } }', 2 + 3 + 3 + 3 * 200 * 2],
    [
      'one of several kinds',
      '{ publications(first: 3) { nodes { id ... on AlertPublication { severity } ...C } } } fragment C on ClosurePublication { path }',
      2 + 3 + 3 * 3,
    ],
    ['places', '{ situations(places: [{ commune: "91228" }, { commune: "91345" }]) { stale } }', 1 + 2 * 30 + 2],
    ['what is made of each thing', '{ socialPosts(network: X, first: 3) { nodes { url } } }', 2 + 3 * 50 + 3],
    ['the same by edges', '{ socialPosts(network: X, first: 3) { edges { node { url } } } }', 2 + 3 + 3 * (1 + 50 + 1)],
    ['a thing by itself', '{ commune(code: "91228") { situation { stale } } }', 1 + 1 + 30 + 1],
    ['what a field has to make', '{ publications(first: 3) { nodes { relayKit { title } } } }', 2 + 3 + 3 * (20 + 100)],
    ['a place that all is compared with', `{ alerts(where: { near: ${NEAR} }) { totalCount } }`, 2 + 3_000],
    ['a place that is null', '{ alerts(where: { near: null }) { totalCount } }', 2],
    ['a box and words', `{ publications(where: { box: ${BOX}, search: "crue" }) { asOf } }`, 2 + 3_000 + 1_500],
    ['a type', '{ __type(name: "Hazard") { name } }', 2.5 * 2],
    ['the name of a type', '{ viewer { __typename } }', 1],
  ])('counts %s', (_what, query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  it('counts a filter that a variable gives', () => {
    const query = 'query ($where: PublicationFilter) { publications(where: $where) { totalCount } }';
    const near = { point: { lat: 48.6, lon: 2.3 }, radiusMetres: 100 };
    expect(costOf(query)).toBe(2);
    expect(costOf(query, NOTHING_KNOWN, { where: { near } })).toBe(2 + 3_000);
  });

  it('is counted once for the same variables, and anew where one that bounds a list differs', () => {
    const query =
      'query ($first: Int!, $after: PageCursor) { communes(first: $first, after: $after) { nodes { code } } }';
    let asked = 0;
    const sizes: KnownSizes = {
      ...NOTHING_KNOWN,
      page: (_coordinate, _args, first) => {
        asked += 1;
        return { items: first };
      },
    };
    expect(costOf(query, sizes, { first: 5 })).toBe(12);
    expect(costOf(query, sizes, { first: 5, after: 'x' })).toBe(12);
    expect(asked).toBe(1);
    expect(costOf(query, sizes, { first: 6 })).toBe(14);
    expect(costOf(query, { ...sizes }, { first: 6 })).toBe(14);
    expect(asked).toBe(3);
  });

  it('is nothing where its variables do not fit, since it is refused for those', () => {
    expect(costOf('query ($first: Int!) { communes(first: $first) { nodes { code } } }')).toBe(0);
  });
});

describe('the sizes of what is known', () => {
  it('of a document are those of its lists, each by its path', () => {
    const geometry = { type: 'Polygon', coordinates: [[[2, 48]]] };
    const areas = [
      { communes: ['a', 'b'], geometry },
      { communes: ['c'], geometry: null },
    ];
    expect([...sizesOf({ id: 'x', areas, communes: ['a', 'b', 'c'], texts: [] })]).toEqual([
      ['areas', 2],
      ['areas.communes', 3],
      ['communes', 3],
      ['texts', 0],
    ]);
  });

  it('of several documents are those of the largest, and never of more than there are', () => {
    const table = new SizeTable([1, 10, 5]);
    expect([0, 1, 2, 3, 9].map((count) => table.most(count))).toEqual([0, 10, 15, 16, 16]);
    expect(table.likely(6)).toBe(16 + 16);
    expect(new SizeTable([]).likely(3)).toBe(3);
    // Two of them were not measured yet.
    expect(new SizeTable([4, 2], 4).most(9)).toBe(6 + 6);
  });

  it('are read by graphql-js, as they are printed', () => {
    const field = buildSchema(printedSchema(schema)).getQueryType()?.getFields().communes;
    expect(field?.astNode?.directives?.map(({ name }) => name.value)).toEqual(['listSize']);
  });
});
