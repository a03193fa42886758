import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Outline, outline } from './outline.ts';

export interface DocumentLimits {
  schema: GraphQLSchema;
  /** Rules beside graphql-js's own. */
  rules: readonly ValidationRule[];
  maxTokens: number;
}

/** A document that passed validation, with what sharing its execution needs to know. */
export interface ReadDocument extends Outline {
  query: string;
  document: DocumentNode;
}

export type ReadDocuments = (query: string) => ReadDocument | readonly GraphQLError[];

/** Characters of documents kept read: thousands of followers send the same one. */
const KEPT_CHARACTERS = 500_000;

/** Parses and validates like any other operation; answers the errors where a document does not pass. */
export function documentReader({ schema, rules, maxTokens }: DocumentLimits): ReadDocuments {
  const known = new LRUCache<string, ReadDocument>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (_read, query) => query.length + 100,
  });
  return (query) => {
    const found = known.get(query);
    if (found) return found;
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens });
    } catch (error) {
      return [error as GraphQLError];
    }
    const errors = validate(schema, document, [...specifiedRules, ...rules]);
    if (errors.length > 0) return errors;
    const read = { query, document, ...outline(schema, document, OperationTypeNode.SUBSCRIPTION) };
    known.set(query, read);
    return read;
  };
}
