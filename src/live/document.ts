import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';

export interface DocumentLimits {
  schema: GraphQLSchema;
  /** Rules beside graphql-js's own. */
  rules: readonly ValidationRule[];
  maxTokens: number;
}

/** Parses and validates like any other operation; the errors where it does not pass. */
export function readDocument(
  query: string,
  { schema, rules, maxTokens }: DocumentLimits,
): DocumentNode | readonly GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens });
  } catch (error) {
    return [error as GraphQLError];
  }
  const errors = validate(schema, document, [...specifiedRules, ...rules]);
  return errors.length > 0 ? errors : document;
}
