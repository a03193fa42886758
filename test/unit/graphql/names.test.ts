import {
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, it } from 'vitest';
import type { PublicReads } from '../../../src/board/public-reads.ts';
import { createSchema } from '../../../src/graphql/schema.ts';
import { kindOf } from '../../../src/publications/kinds.ts';
import { KINDS } from '../../../src/publications/vocabulary.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';
import { EXPLAINED, KEYWORDS, KNOWN_TYPES } from './reserved-words.ts';

const schema = createSchema(resolversOf({} as PublicReads, {} as HubOffice));
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));

const hasFields = (type: GraphQLNamedType) => isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
const fieldsOf = (type: GraphQLNamedType) => (hasFields(type) ? Object.values(type.getFields()) : []);
const valuesOf = (type: GraphQLNamedType) => (isEnumType(type) ? type.getValues().map(({ name }) => name) : []);
const camel = (value: string) => value.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The lists that one of these spellings is in. */
const listed = (lists: Readonly<Record<string, ReadonlySet<string>>>, ...spellings: string[]) =>
  Object.entries(lists).flatMap(([language, words]) => (spellings.some((one) => words.has(one)) ? [language] : []));

it('has no name that a language, a browser or a framework has taken, but for those that are explained', () => {
  const taken = new Map<string, string[]>();
  const note = (name: string, languages: string[]) => {
    if (languages.length > 0) taken.set(name, languages);
  };
  for (const type of types) {
    note(type.name, [...listed(KNOWN_TYPES, type.name), ...listed(KEYWORDS, type.name, type.name.toLowerCase())]);
    for (const field of fieldsOf(type)) {
      note(field.name, listed(KEYWORDS, field.name));
      if ('args' in field) for (const { name } of field.args) note(name, listed(KEYWORDS, name));
    }
    for (const value of valuesOf(type)) note(`${type.name}.${value}`, listed(KEYWORDS, value, camel(value)));
  }
  const specified = types.filter(isSpecifiedScalarType).map(({ name }) => name);
  const explained = Object.keys(EXPLAINED);
  expect([...taken].filter(([name]) => !explained.includes(name) && !specified.includes(name))).toEqual([]);
  const unneeded = explained.filter((name) => !taken.has(name));
  expect(unneeded, 'explained, but in no list').toEqual([]);
});

it('says UNKNOWN where CAP does and nowhere else: beside it, apps have a value of their own for what they do not know', () => {
  const unsure = types.filter((type) => valuesOf(type).includes('UNKNOWN')).map(({ name }) => name);
  expect(unsure.sort()).toEqual(['Certainty', 'Severity', 'Urgency']);
});

it('names types, inputs and mutations by one word for each kind', () => {
  const names = types.map(({ name }) => name);
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
  for (const kind of KINDS) {
    const { noun, typeName } = kindOf(kind);
    expect(noun.replace(/(?<!^)[A-Z]/g, '_$&').toUpperCase()).toBe(kind);
    expect(typeName).toBe(`${noun}Publication`);
    expect(names).toEqual(expect.arrayContaining([typeName, `${noun}Input`]));
    expect(mutations).toEqual(expect.arrayContaining([`draft${noun}`, `revise${noun}`]));
  }
});

it('has no list beside a field of the same name in the singular: Apollo iOS would make one type of both', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const pairs = types
    .filter((type) => !roots.some((root) => root === type) && !isInputObjectType(type))
    .flatMap((type) => {
      const fields = fieldsOf(type);
      return fields
        .filter(({ name }) =>
          fields.some(
            (other) =>
              other.name === `${name}s` &&
              isListType('ofType' in other.type ? other.type.ofType : other.type) &&
              // It makes none of a scalar.
              !isLeafType(getNamedType(other.type)),
          ),
        )
        .map(({ name }) => `${type.name}.${name}`);
    });
  expect(pairs).toEqual([]);
});

it('names times by what happened then; `at` is the time of what is itself a happening', () => {
  const bare = types.filter((type) => fieldsOf(type).some(({ name }) => name === 'at')).map(({ name }) => name);
  expect(bare.sort()).toEqual(['DeskChange', 'Ending', 'PublicationChange']);
});
