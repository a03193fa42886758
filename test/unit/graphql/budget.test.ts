import { buildSchema, type ExecutionResult, type GraphQLSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Budget, type BudgetSize } from '../../../src/graphql/cost/budget.ts';
import { countFields } from '../../../src/graphql/cost/counted-fields.ts';
import { executeWithin } from '../../../src/graphql/cost/execution.ts';
import { GeoJSONScalar } from '../../../src/graphql/scalars.ts';

const ROOMY: BudgetSize = { nodes: 1_000_000, bytes: 1_000_000 };

/** A schema whose things count how often they are asked for their name, which is nullable: graphql-js goes on after an error. */
function thingsOf(count: number) {
  const calls = { name: 0, late: 0 };
  const thing = {
    name: () => {
      calls.name += 1;
      return 'abcd';
    },
    late: async () => {
      calls.late += 1;
      return 'late';
    },
    shape: { type: 'Point', coordinates: [2.3, 48.6] },
    tags: ['één', 'twee'],
    grid: [
      [1, 2],
      [3, 4],
    ],
  };
  const schema = buildSchema(
    'scalar GeoJSON type Query { things: [Thing] } type Thing { name: String late: String shape: GeoJSON tags: [String] grid: [[Int]] things: [Thing] }',
  );
  Object.assign(schema.getType('GeoJSON') as object, { serialize: GeoJSONScalar.serialize });
  countFields(schema);
  const things: object[] = Array.from({ length: count }, () => ({ ...thing, things: () => things.slice(0, 10) }));
  return { schema, rootValue: { things }, calls };
}

async function run(
  { schema, rootValue }: { schema: GraphQLSchema; rootValue: object },
  query: string,
  size: BudgetSize = ROOMY,
): Promise<{ result: ExecutionResult; budget: Budget }> {
  const budget = new Budget(size);
  const result = await executeWithin({ schema, document: parse(query), rootValue, contextValue: { budget } });
  return { result, budget };
}

describe('the budget of an execution', () => {
  it('counts each field, and each item of a list', async () => {
    const { budget, result } = await run(thingsOf(3), '{ things { name } }');
    expect(result.errors).toBeUndefined();
    expect(budget.nodes).toBe(1 + 3 + 3);
  });

  it.each([
    ['a text', '{ things { name } }'],
    ['a text under a long alias', `{ things { ${'long'.repeat(500)}: name } }`],
    ['a geometry', '{ things { shape } }'],
    ['a list of texts', '{ things { tags } }'],
    ['lists within lists', '{ things { grid } }'],
    ['what comes late', '{ things { late } }'],
  ])('counts about the bytes of the answer: %s', async (_what, query) => {
    const { budget, result } = await run(thingsOf(50), query);
    const bytes = Buffer.byteLength(JSON.stringify(result.data));
    expect(budget.bytes).toBeGreaterThan(bytes * 0.9);
    expect(budget.bytes).toBeLessThan(bytes * 2);
  });

  it('ends the whole execution at the first field that is too much, nullable or not, and answers that alone', async () => {
    const things = thingsOf(1_000);
    const { result } = await run(things, '{ things { name a: name b: name } }', { nodes: 1_100, bytes: 1_000_000 });
    expect(result.data).toBeUndefined();
    expect(result.errors?.map((error) => error.originalError)).toMatchObject([
      { code: 'BAD_REQUEST', facts: { limit: { name: 'nodes', weight: 1_101, most: 1_100 } } },
    ]);
    expect(things.calls.name).toBeLessThan(100);
  });

  it('goes through no list that is longer than what is left', async () => {
    const things = thingsOf(10_000);
    const { result } = await run(things, '{ things { name } }', { nodes: 9_000, bytes: 1_000_000 });
    expect(result.errors).toHaveLength(1);
    expect(things.calls.name).toBe(0);
  });

  it('resolves nothing more once it is spent, in the branches that wait as well', async () => {
    const things = thingsOf(100);
    const { result } = await run(things, '{ things { late things { late } } }', { nodes: 1_000, bytes: 1_000_000 });
    expect(result.errors).toHaveLength(1);
    const { late } = things.calls;
    await new Promise((resolve) => setImmediate(resolve));
    expect(things.calls.late).toBe(late);
    expect(late).toBeLessThan(1_000);
  });

  it('leaves no error of a field beside its own', async () => {
    const things = thingsOf(100);
    const broken = { things: [{ name: () => Promise.reject(new Error('no')) }, ...things.rootValue.things] };
    const { result } = await run({ ...things, rootValue: broken }, '{ things { name } }', {
      nodes: 150,
      bytes: 10_000,
    });
    expect(result.errors).toHaveLength(1);
  });

  it('says how many bytes there may be', async () => {
    const { result } = await run(thingsOf(1_000), '{ things { name } }', { nodes: 10_000, bytes: 5_000 });
    expect(result.errors?.[0]?.message).toBe('an answer may have at most 5000 bytes');
  });
});
