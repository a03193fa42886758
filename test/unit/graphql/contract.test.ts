import { readdirSync, readFileSync } from 'node:fs';
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  validateSchema,
} from 'graphql';
import { expect, it } from 'vitest';
import { objectTypesOf } from '../../../scripts/object-types.mjs';
import type { PublicReads } from '../../../src/board/public-reads.ts';
import { ERROR_CODES } from '../../../src/errors.ts';
import { createSchema, printedSchema } from '../../../src/graphql/schema.ts';
import { KINDS } from '../../../src/publications/vocabulary.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';
import { MISSING } from './contract.missing.ts';

interface Growth {
  open: string[];
  closed: string[];
}
interface Guard {
  faultsBetween(given: { released: string; current: string; changelog: string; growth: object }): string[];
  releaseOf(changelog: string): string | undefined;
}
// A script, which is written without types.
const { faultsBetween, releaseOf }: Guard = await import(
  new URL('../../../scripts/schema-guard.mjs', import.meta.url).href
);

const schema = createSchema(resolversOf({} as PublicReads, {} as HubOffice));
const file = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

it('is a valid schema', () => {
  expect(validateSchema(schema)).toEqual([]);
});

it('prints exactly the schema that is committed (npm run schema:print)', () => {
  expect(printedSchema(schema)).toBe(file('schema/schema.graphql'));
});

it('tells caches of apps exactly what it says (npm run schema:print)', () => {
  expect(file('src/client/object-types.ts')).toBe(objectTypesOf(file('schema/schema.graphql')));
});

it('holds every name of the contract, but for those listed as missing', () => {
  const contract = buildSchema(file('test/unit/graphql/contract.graphql'));
  const broken = findBreakingChanges(contract, schema).map(({ description }) => description);
  expect(broken.sort()).toEqual([...MISSING].sort());
});

it('lets nothing of schema/released.graphql go: what may go, by CHANGELOG.md, and how, by docs/stability.md (S-1, S-3)', () => {
  const given = { changelog: file('CHANGELOG.md'), growth: JSON.parse(file('schema/growth.json')) };
  const released = file('schema/released.graphql');
  expect(faultsBetween({ ...given, released, current: printedSchema(schema) })).toEqual([]);
  const version = releaseOf(given.changelog);
  expect(released.split('\n', 1)).toEqual([`# ${version ?? 'Unreleased'}`]);
  if (version) expect(JSON.parse(file('package.json'))).toMatchObject({ version });
});

it('says of every enum and interface, once, whether it may grow: in schema/growth.json and in its description (S-3)', () => {
  const { enums, interfaces } = JSON.parse(file('schema/growth.json')) as Record<string, Growth>;
  const named = (isSort: (type: GraphQLNamedType) => boolean) =>
    Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__') && isSort(type));
  const names = (types: GraphQLNamedType[]) => types.map(({ name }) => name).sort();
  expect([...(enums?.open ?? []), ...(enums?.closed ?? [])].sort()).toEqual(names(named(isEnumType)));
  expect([...(interfaces?.open ?? []), ...(interfaces?.closed ?? [])].sort()).toEqual(names(named(isInterfaceType)));
  const open = named(isEnumType).filter(({ description }) =>
    description?.endsWith('More values may come: have a default.'),
  );
  expect(names(open)).toEqual(enums?.open);
  const closed = named(isEnumType).filter(({ description }) => description?.endsWith('No other value will come.'));
  expect(names(closed)).toEqual(enums?.closed);
});

it('lets every root field of Query fail alone: graphql-js empties the whole answer where one may not be null', () => {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  expect(fields.length).toBeGreaterThan(10);
  expect(fields.filter(({ type }) => isNonNullType(type)).map(({ name }) => name)).toEqual([]);
});

it('answers every mutation with a payload of its own: what changed, and the cursor to follow after', () => {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  expect(fields.length).toBeGreaterThan(40);
  for (const { name, type } of fields) {
    const payload = getNamedType(type);
    expect(String(type).toLowerCase()).toBe(`${name.toLowerCase()}payload!`);
    if (!isObjectType(payload)) throw new Error(`${payload.name} is no object`);
    const { asOf, ...changed } = payload.getFields();
    expect([name, String(asOf?.type)]).toEqual([name, 'Cursor!']);
    expect(Object.keys(changed)).not.toEqual([]);
  }
});

it('lists every code of an error for code generators', () => {
  const codes = schema.getType('ErrorCode');
  expect(isEnumType(codes) && codes.getValues().map(({ name }) => name)).toEqual(Object.keys(ERROR_CODES));
});

it('is built from every resolver class of src: one left out would let the raw property through', async () => {
  const found = await Promise.all(
    readdirSync(new URL('../../../src', import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.resolver.ts'))
      .map((path) => import(`../../../src/${path}`) as Promise<Record<string, unknown>>),
  );
  const classes = found.flatMap((module) => Object.entries(module)).filter(([name]) => name.endsWith('Resolver'));
  const used = resolversOf({} as PublicReads, {} as HubOffice).map((instance) => instance.constructor.name);
  // Made for each kind, and so exported as functions.
  const isMade = (name: string) => name === 'DraftingResolver' || name === 'ObservingResolver';
  expect(used.filter((name) => name === 'DraftingResolver')).toHaveLength(KINDS.length);
  expect(used.filter((name) => !isMade(name)).sort()).toEqual(classes.map(([name]) => name).sort());
});

it('describes every type, field, argument and enum value', () => {
  const bare = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
    .flatMap(undescribed);
  expect(bare).toEqual([]);
  expect(schema.description).toContain('docs/stability.md');
});

function undescribed(type: GraphQLNamedType): string[] {
  const bare: string[] = type.description ? [] : [type.name];
  const note = (name: string, description: string | null | undefined) => {
    if (!description) bare.push(`${type.name}.${name}`);
  };
  if (isEnumType(type)) for (const value of type.getValues()) note(value.name, value.description);
  if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) note(field.name, field.description);
  if (isObjectType(type) || isInterfaceType(type))
    for (const field of Object.values(type.getFields())) {
      note(field.name, field.description);
      for (const argument of field.args) note(`${field.name}(${argument.name})`, argument.description);
    }
  return bare;
}
