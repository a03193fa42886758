import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  parse,
  specifiedRules,
  TypeInfo,
  type ValidationRule,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { LRUCache } from 'lru-cache';

export interface DocumentLimits {
  schema: GraphQLSchema;
  /** Rules beside graphql-js's own. */
  rules: readonly ValidationRule[];
  maxTokens: number;
}

/** A document that passed validation, with what sharing its execution needs to know. */
export interface ReadDocument {
  query: string;
  document: DocumentNode;
  /** The fields of Subscription that it asks for. */
  roots: ReadonlySet<string>;
  /** The variables that what is selected below those fields depends on; their arguments are not among it. */
  variables: readonly string[];
  /** Whether something that is selected follows the clock or what else is public. */
  volatile: boolean;
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
    const read = { query, document, ...outline(schema, document) };
    known.set(query, read);
    return read;
  };
}

function outline(
  schema: GraphQLSchema,
  document: DocumentNode,
): Pick<ReadDocument, 'roots' | 'variables' | 'volatile'> {
  const types = new TypeInfo(schema);
  const roots = new Set<string>();
  const variables = new Set<string>();
  let volatile = false;
  let argumentsOfRoot = false;
  const isRoot = () => types.getParentType() === schema.getSubscriptionType();
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        if (isRoot()) roots.add(node.name.value);
        volatile ||= isVolatile(schema, types, node.name.value);
      },
      Argument: {
        // What is selected below may not depend on them: a filter says which changes come, and not what they tell.
        enter: () => {
          argumentsOfRoot = types.getDirective() === null && isRoot();
        },
        leave: () => {
          argumentsOfRoot = false;
        },
      },
      // Its own declaration uses none.
      VariableDefinition: () => false,
      Variable(node) {
        if (!argumentsOfRoot) variables.add(node.name.value);
      },
    }),
  );
  return { roots, variables: [...variables].sort(), volatile };
}

/** A field of an interface is volatile where it is on one of the kinds. */
function isVolatile(schema: GraphQLSchema, types: TypeInfo, name: string): boolean {
  const parent = types.getParentType();
  const marked = (field: GraphQLField<unknown, unknown> | null | undefined) => field?.extensions?.volatile === true;
  if (marked(types.getFieldDef())) return true;
  return isCompositeType(parent) && isAbstractType(parent)
    ? schema.getPossibleTypes(parent).some((type) => marked(type.getFields()[name]))
    : false;
}
