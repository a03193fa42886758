import { ApolloServer } from '@apollo/server';
import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { shareDocuments } from '../../../src/api/answers/whole/shared-documents.ts';
import type { Context } from '../../../src/graphql/context.ts';
import { Documents } from '../../../src/graphql/documents.ts';

const schema = buildSchema('type Query { one: String two: String }');
let looked = 0;
const limitFault = () => {
  looked += 1;
  return undefined;
};
const documents = new Documents(schema, { maxTokens: 100, limitFault });
const apollo = new ApolloServer<Context>({
  schema,
  documentStore: null,
  dangerouslyDisableValidation: true,
  rootValue: { one: '1', two: '2' },
  plugins: [shareDocuments(documents)],
});
async function ask(query: string) {
  const { body } = await apollo.executeOperation({ query }, { contextValue: {} as Context });
  return body.kind === 'single' ? body.singleResult : undefined;
}

it('is where Apollo takes its documents from, and has none that does not pass', async () => {
  expect((await ask('{ one }'))?.data).toEqual({ one: '1' });
  expect(documents.find('{ one }')?.document.kind).toBe('Document');
  expect(await ask('{ three }')).toMatchObject({ errors: [{ message: expect.stringContaining('three') }] });
  expect(documents.find('{ three }')).toBeUndefined();
  expect((await ask('{ one '))?.errors?.[0]?.message).toContain('Syntax Error');
});

it('reads each text once, whether it passes or not', async () => {
  const before = looked;
  for (let round = 0; round < 3; round += 1) {
    await ask('{ one two }');
    await ask('{ one four }');
  }
  expect(looked - before).toBe(2);
});
