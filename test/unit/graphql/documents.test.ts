import { buildSchema, type GraphQLObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { VOLATILE } from '../../../src/graphql/document-facts.ts';
import { Documents, ReadDocument } from '../../../src/graphql/documents.ts';
import { limitFault } from '../../../src/graphql/limits.ts';

const schema = buildSchema(`
  type Query { one(id: Int): Thing }
  type Subscription { changes(where: Int): Thing news: Thing }
  interface Named { name: String state: String }
  type Thing implements Named { name: String state: String text(language: String): String }
`);
const state = (schema.getType('Thing') as GraphQLObjectType).getFields().state;
if (state) state.extensions = VOLATILE;
const documents = new Documents(schema, { limitFault, maxTokens: 200 });
function factsOf(query: string, name?: string) {
  const read = documents.read(query);
  if (!(read instanceof ReadDocument)) throw new Error(read.join());
  return read.operation(name)?.facts;
}

describe('a document', () => {
  it('is read once, and each of its operations is one object', () => {
    const query = 'query a { one { name } } query b { one { name } }';
    const read = documents.read(query);
    if (!(read instanceof ReadDocument)) throw new Error(read.join());
    expect(documents.read(query)).toBe(read);
    expect(documents.find(query)).toBe(read);
    expect(read.operation('a')).toBe(read.operation('a'));
    expect(read.operation('a')).not.toBe(read.operation('b'));
    expect([read.operation('c'), read.operation(''), read.operation(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['no GraphQL', '{ one', 'Syntax Error'],
    ['too long', `{ ${'one { name } '.repeat(60)} }`, 'more that 200 tokens'],
    ['about something else', '{ two }', 'Cannot query field'],
    ['beyond the limits', `{ ${Array.from({ length: 61 }, (_, i) => `a${i}: __typename`).join(' ')} }`, 'aliases'],
  ])('that is %s is answered with the errors, and not kept', (_what, query, message) => {
    expect(documents.read(query)).toMatchObject([{ message: expect.stringContaining(message) }]);
    expect(documents.find(query)).toBeUndefined();
    expect(documents.read(query)).toBe(documents.read(query));
  });

  it('that goes beyond a limit is refused for that alone, before graphql-js validates it', () => {
    const query = `{ ${Array.from({ length: 61 }, (_, i) => `a${i}: nothing`).join(' ')} }`;
    const errors = documents.read(query) as readonly { message: string }[];
    expect(errors.map(({ message }) => message)).toEqual(['an operation may use at most 60 aliases, not 61']);
  });
});

describe('the facts of an operation', () => {
  const two = `
    subscription a($where: Int, $language: String) { told: changes(where: $where) { ...T } }
    subscription b { news { name } }
    fragment T on Thing { text(language: $language) }
  `;

  it('are those of the operation that is named, and of what it spreads', () => {
    expect(factsOf(two, 'a')).toEqual({ roots: new Set(['changes']), variables: ['language'], volatile: false });
    expect(factsOf(two, 'b')).toEqual({ roots: new Set(['news']), variables: [], volatile: false });
  });

  it('find a root field within a fragment', () => {
    expect(factsOf('subscription { ...S } fragment S on Subscription { changes { name } }')?.roots).toEqual(
      new Set(['changes']),
    );
    expect(factsOf('{ ... on Query { __type(name: "Thing") { name } } }')?.roots).toEqual(new Set(['__type']));
  });

  it('tell of a volatile field, also where it is asked of an interface', () => {
    expect(factsOf('{ one { state } }')?.volatile).toBe(true);
    expect(factsOf('{ one { ... on Named { state } } }')?.volatile).toBe(true);
    expect(factsOf('{ one { name } }')?.volatile).toBe(false);
  });

  it('count a variable of a directive, and no argument of a root field', () => {
    const query = 'query ($id: Int, $yes: Boolean!) { one(id: $id) @include(if: $yes) { name } }';
    expect(factsOf(query)?.variables).toEqual(['yes']);
  });
});
