import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DeprecatedUses } from '../../../src/graphql/deprecated-uses.ts';
import { Documents, ReadDocument } from '../../../src/graphql/documents.ts';

const OLD = '@deprecated(reason: "use another")';
const schema = buildSchema(`
  type Query { old: Int ${OLD}  kept: Int  find(by: Filter, all: [[Filter!]], order: Order = NEW, size: Int ${OLD}): [Item!] }
  interface Item { id: ID!  name: String ${OLD} }
  type Alert implements Item { id: ID!  name: String ${OLD}  grade: Int ${OLD} }
  input Filter { text: String  words: String ${OLD}  order: Order  and: Filter }
  enum Order { NEW  NEWEST ${OLD} }
  type Subscription { changes(order: Order): Item }
`);
const rules = { maxTokens: 1_000 };

/** The uses that one operation of a document is counted with. */
function usesOf(query: string, variables: Record<string, unknown> = {}, name?: string): readonly string[] {
  const documents = new Documents(schema, rules);
  const read = documents.read(query);
  if (!(read instanceof ReadDocument)) throw read[0];
  const operation = read.operation(name);
  if (!operation) throw new Error('no such operation');
  const uses = documents.deprecated.count(operation, variables);
  const counted = [...documents.deprecated.counts].filter(([, count]) => count > 0);
  expect(counted.map(([coordinate]) => coordinate).sort()).toEqual([...uses].sort());
  return [...uses].sort();
}

describe('what is deprecated (S-8)', () => {
  it('is known before anybody uses it', () => {
    expect([...new DeprecatedUses(schema).counts.keys()].sort()).toEqual(
      [
        'Alert.grade',
        'Alert.name',
        'Filter.words',
        'Item.name',
        'Order.NEWEST',
        'Query.find(size:)',
        'Query.old',
      ].sort(),
    );
  });

  it.each<[what: string, query: string, uses: string[], variables?: Record<string, unknown>]>([
    ['nothing', '{ kept find(order: NEW) { id } }', []],
    ['a field, however often', '{ old again: old }', ['Query.old']],
    ['a field of an interface', '{ find { name } }', ['Item.name']],
    ['a field of a type', '{ find { ... on Alert { name grade } } }', ['Alert.grade', 'Alert.name']],
    ['a field of a fragment', '{ find { ...f } } fragment f on Item { name }', ['Item.name']],
    ['an argument', '{ find(size: 2) { id } }', ['Query.find(size:)']],
    ['a value', '{ find(order: NEWEST) { id } }', ['Order.NEWEST']],
    ['a field of an input', '{ find(by: { words: "a" }) { id } }', ['Filter.words']],
    ['what stands deeper in one', '{ find(all: [[{ and: { order: NEWEST } }]]) { id } }', ['Order.NEWEST']],
    ['a default of a variable', 'query ($o: Order = NEWEST) { find(order: $o) { id } }', ['Order.NEWEST']],
    ['a value in a variable', 'query ($o: Order!) { find(order: $o) { id } }', ['Order.NEWEST'], { o: 'NEWEST' }],
    ['another value in it', 'query ($o: Order!) { find(order: $o) { id } }', [], { o: 'NEW' }],
    [
      'a field of an input in a variable',
      'query ($all: [[Filter!]]) { find(all: $all) { id } }',
      ['Filter.words', 'Order.NEWEST'],
      { all: [[{ words: 'a' }, { and: { order: 'NEWEST' } }]] },
    ],
    [
      'one where a list may stand',
      'query ($all: [[Filter!]]) { find(all: $all) { id } }',
      ['Filter.words'],
      { all: { words: 'a' } },
    ],
    ['a variable of another shape', 'query ($by: Filter) { find(by: $by) { id } }', [], { by: 'nonsense', more: 1 }],
    ['a null', 'query ($by: Filter, $o: Order) { find(by: $by, order: $o) { id } }', [], { by: null }],
    ['a subscription', 'subscription { changes(order: NEWEST) { name } }', ['Item.name', 'Order.NEWEST']],
    ['a directive beside it', '{ kept @include(if: true) }', []],
  ])('is counted: %s', (_what, query, uses, variables) => {
    expect(usesOf(query, variables)).toEqual(uses);
  });

  it('is counted of the operation that runs alone', () => {
    const both = 'query One { kept } query Two { old find { ...f } } fragment f on Item { name }';
    expect(usesOf(both, {}, 'One')).toEqual([]);
    expect(usesOf(both, {}, 'Two')).toEqual(['Item.name', 'Query.old']);
  });
});
