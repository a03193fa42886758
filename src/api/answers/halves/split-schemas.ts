import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type GraphQLFieldConfig,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Context } from '../../../graphql/context.ts';

/** Gives the placeholders for the publications (one, a list, null) that a field of that type returned. */
export type PutPlaceholders = (answer: unknown, type: string, context: Context, info: GraphQLResolveInfo) => unknown;

/** The two halves of a schema, split at the publications. */
export interface SplitSchemas {
  /** All that leads to publications; a publication is a leaf of it. */
  readonly shell: GraphQLSchema;
  /** All that can be selected of one publication: below a root field that is named after its type and returns the root. */
  readonly publications: GraphQLSchema;
}

const RENDERED = new GraphQLScalarType({ name: 'RenderedPublication', serialize: (value) => value });

export function splitSchemas(schema: GraphQLSchema, put: PutPlaceholders): SplitSchemas {
  const publication = schema.getType('Publication');
  if (!isInterfaceType(publication)) throw new Error('the schema has no interface Publication');
  const kinds = schema.getPossibleTypes(publication);
  const names = new Set([publication, ...kinds].map(({ name }) => name));
  const shell = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: GraphQLFieldConfig<unknown, Context>) =>
      names.has(getNamedType(field.type).name) ? withPlaceholders(field, put) : field,
  });
  const fields = [publication, ...kinds].map((type) => [type.name, { type, resolve: (root: unknown) => root }]);
  return {
    // Both are made of a valid schema. In the shell the fields of interfaces are not those of its objects any more.
    shell: new GraphQLSchema({ ...shell.toConfig(), assumeValid: true }),
    publications: new GraphQLSchema({
      query: new GraphQLObjectType({ name: 'OnePublication', fields: Object.fromEntries(fields) }),
      types: [...kinds],
      assumeValid: true,
    }),
  };
}

function withPlaceholders(
  field: GraphQLFieldConfig<unknown, Context>,
  put: PutPlaceholders,
): GraphQLFieldConfig<unknown, Context> {
  const resolve = field.resolve ?? defaultFieldResolver;
  const { name } = getNamedType(field.type);
  return {
    ...field,
    type: withLeaf(field.type),
    resolve: (root, args, context, info) => {
      const answer = resolve(root, args, context, info);
      return answer instanceof Promise
        ? answer.then((late) => put(late, name, context, info))
        : put(answer, name, context, info);
    },
  };
}

function withLeaf(type: GraphQLOutputType): GraphQLOutputType {
  if (isNonNullType(type)) return new GraphQLNonNull(withLeaf(type.ofType));
  if (isListType(type)) return new GraphQLList(withLeaf(type.ofType));
  return RENDERED;
}
