import { ApolloServer } from '@apollo/server';
import { buildSchema, parse } from 'graphql';
import { expect, it } from 'vitest';
import { shareDocuments } from '../../../src/api/answers/whole/shared-documents.ts';
import type { Context } from '../../../src/graphql/context.ts';
import { Documents } from '../../../src/graphql/documents.ts';

const schema = buildSchema('type Query { one: String two: String }');
const documents = new Documents(schema, { validationRules: [], maxTokens: 100 });
const apollo = new ApolloServer<Context>({
  schema,
  documentStore: null,
  rootValue: { one: '1', two: '2' },
  plugins: [shareDocuments(documents)],
});
const ask = async (query: string) => {
  const { body } = await apollo.executeOperation({ query }, { contextValue: {} as Context });
  return body.kind === 'single' ? body.singleResult.data : undefined;
};

it('has what Apollo validated, and nothing that it refused', async () => {
  expect(await ask('{ one }')).toEqual({ one: '1' });
  expect(documents.find('{ one }')?.document.kind).toBe('Document');
  expect(await ask('{ three }')).toBeUndefined();
  expect(documents.find('{ three }')).toBeUndefined();
});

it('is where Apollo takes its documents from, without parsing them again', async () => {
  documents.add('{ one two }', parse('{ two }'));
  expect(await ask('{ one two }')).toEqual({ two: '2' });
});
