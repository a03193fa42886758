import { buildSchema, GraphQLError, graphqlSync } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { asHubError } from '../../../src/database/outage.ts';
import { invalidInput } from '../../../src/errors.ts';
import { errorFormatter } from '../../../src/graphql/error-format.ts';

const logged: { error: unknown; id: string }[] = [];
beforeEach(() => void logged.splice(0));
const format = errorFormatter((error, id) => logged.push({ error, id }), asHubError);
/** As graphql-js hands on what a resolver threw. */
const thrown = (originalError: Error) => new GraphQLError(originalError.message, { originalError, path: ['field'] });
const formatted = (error: Error) => {
  const wrapped = error instanceof GraphQLError ? error : thrown(error);
  return format(wrapped.toJSON(), wrapped);
};
const withCode = (code: string, more: object = {}) => Object.assign(new Error('secret'), { code, ...more });

describe('an error that was meant', () => {
  it('keeps its message, its code, its facts and its place', () => {
    const error = invalidInput([{ path: 'input.endsAt', message: 'must lie after the start' }]);
    expect(formatted(error)).toEqual({
      message: 'input.endsAt: must lie after the start',
      path: ['field'],
      extensions: {
        code: 'INVALID_INPUT',
        fields: [{ path: 'input.endsAt', message: 'must lie after the start' }],
      },
    });
    expect(logged).toEqual([]);
  });
});

describe('a database that is away is UNAVAILABLE, without a word of where it is', () => {
  it.each([
    withCode('08006'),
    withCode('57P01'),
    withCode('57P03'),
    withCode('53300'),
    withCode('25006'),
    withCode('ECONNREFUSED', { syscall: 'connect' }),
    withCode('ENOENT', { syscall: 'connect' }),
    withCode('ECONNRESET', { syscall: 'read' }),
    new Error('Connection terminated unexpectedly'),
    new AggregateError([withCode('ECONNREFUSED', { syscall: 'connect' })]),
    new Error('driver', { cause: withCode('57P02') }),
  ])('%o', (error) => {
    const { message, extensions } = formatted(error);
    expect(extensions).toEqual({ code: 'UNAVAILABLE' });
    expect(message).not.toContain('secret');
  });
});

describe('what was not expected is INTERNAL, and only an id leaves', () => {
  it.each([
    new TypeError("cannot read 'secret'"),
    withCode('ENOENT', { syscall: 'open' }),
    withCode('08P01'),
    withCode('23505'),
    withCode('42P01'),
    new GraphQLError('secret', { path: ['field'] }),
    new GraphQLError('secret', { extensions: { code: 'SECRET', secret: 1 }, path: ['field'] }),
  ])('%o', (error) => {
    const answer = formatted(error);
    const id = logged[0]?.id;
    expect(answer).toEqual({
      message: `Internal error; its id is ${id}`,
      path: ['field'],
      extensions: { code: 'INTERNAL', id },
    });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(answer)).not.toMatch(/secret/i);
  });
});

describe('a request that is wrong in itself', () => {
  it('is BAD_REQUEST with the words of graphql-js', () => {
    const error = new GraphQLError('Syntax Error: Expected Name, found <EOF>.');
    expect(formatted(error)).toEqual({ message: error.message, extensions: { code: 'BAD_REQUEST' } });
  });

  const schema = buildSchema(
    'type Query { list(first: Int! = 20, order: Order! = UP): Int, shape: Order } enum Order { UP DOWN } scalar Cursor',
  );
  const asked = (source: string, variableValues: Record<string, unknown>) =>
    graphqlSync({ schema, source, variableValues, rootValue: { shape: 'SIDEWAYS' } }).errors?.map(formatted) ?? [];

  it.each([
    ['null for an argument that is not null', 'query ($n: Int) { list(first: $n) }', { n: null }],
    ['the wrong type', 'query ($n: Int) { list(first: $n) }', { n: 'many' }],
    ['a float', 'query ($n: Int!) { list(first: $n) }', { n: 1.5 }],
    ['no value for a variable that is needed', 'query ($n: Int!) { list(first: $n) }', {}],
    ['a value that the enum has not', 'query ($o: Order!) { list(order: $o) }', { o: 'SIDEWAYS' }],
    ['null for an enum', 'query ($o: Order) { list(order: $o) }', { o: null }],
    ['an object', 'query ($o: Order) { list(order: $o) }', { o: {} }],
    ['an operation that is not there', 'query A { list } query B { list }', {}],
  ])('is BAD_REQUEST for variables with %s, and nothing is logged', (_what, source, variables) => {
    expect(asked(source, variables).map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_REQUEST' }]);
    expect(logged).toEqual([]);
  });

  it('is not what a resolver gave and no scalar can write', () => {
    expect(asked('{ shape }', {}).map(({ extensions }) => extensions?.code)).toEqual(['INTERNAL']);
  });

  it('keeps the codes that clients of persisted documents act on', () => {
    const error = new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } });
    expect(formatted(error).extensions).toEqual({ code: 'PERSISTED_QUERY_NOT_FOUND' });
  });
});
