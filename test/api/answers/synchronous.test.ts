import {
  execute,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isRequiredArgument,
  parse,
  validate,
} from 'graphql';
import { afterAll, expect, it } from 'vitest';
import { createSchema } from '../../../src/graphql/schema.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';
import { testDatabase } from '../../support/database/database.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
afterAll(() => hub.close());
const schema = createSchema(resolversOf(hub.app.reads, {} as HubOffice));

const DEPTH = 6;

/** Every field below a type that needs no argument, `depth` deep, with a fragment for every kind. */
function everything(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  if (depth === 0) return '{ __typename }';
  if (isAbstractType(named))
    return `{ __typename ${schema
      .getPossibleTypes(named)
      .map((one) => `... on ${one.name} ${everything(one, depth - 1)}`)
      .join(' ')} }`;
  const fields = Object.values('getFields' in named ? named.getFields() : {})
    .filter(({ args }) => !args.some(isRequiredArgument))
    // The same name with another type, on another kind, has to be asked for under another name.
    .map((field) => `${named.name}_${field.name}: ${field.name} ${everything(field.type, depth - 1)}`);
  return `{ __typename ${fields.join(' ')} }`;
}

const QUERIES = {
  situation: '(place: { commune: "91345" })',
  alerts: '(first: 100)',
  publications: '(first: 100)',
  commune: '(code: "91345")',
  communes: '(search: "Brunoy")',
};

it.each(Object.entries(QUERIES))('%s answers from memory at once, with no promise anywhere', (name, args) => {
  const field = schema.getQueryType()?.getFields()[name];
  const document = parse(`{ ${name}${args} ${everything(field!.type, DEPTH)} }`);
  expect(validate(schema, document)).toEqual([]);
  const answer = execute({ schema: schema, document, contextValue: { actor: null, reads: hub.app.reads } });
  expect(answer).not.toBeInstanceOf(Promise);
  expect(answer).not.toHaveProperty('errors');
  expect(answer).toHaveProperty('data');
});
