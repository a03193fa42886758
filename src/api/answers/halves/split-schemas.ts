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

/** Answers what stands in the shell for the publications (one, a list, none) that a field of such a type answers. */
export type Place = (answer: unknown, type: string, context: Context, info: GraphQLResolveInfo) => unknown;

/** The two halves of a schema, between which an execution is split at the publications. */
export interface SplitSchemas {
  /** All that leads to publications; they themselves are leaves of it. */
  readonly shell: GraphQLSchema;
  /** All that can be selected of one publication: below a root field that is named after its type, and answers the root. */
  readonly fragments: GraphQLSchema;
}

const RENDERED = new GraphQLScalarType({ name: 'RenderedPublication', serialize: (value) => value });

export function splitSchemas(schema: GraphQLSchema, place: Place): SplitSchemas {
  const publication = schema.getType('Publication');
  if (!isInterfaceType(publication)) throw new Error('the schema has no interface Publication');
  const kinds = schema.getPossibleTypes(publication);
  const names = new Set([publication, ...kinds].map(({ name }) => name));
  const shell = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: GraphQLFieldConfig<unknown, Context>) =>
      names.has(getNamedType(field.type).name) ? placed(field, place) : field,
  });
  const fields = [publication, ...kinds].map((type) => [type.name, { type, resolve: (root: unknown) => root }]);
  return {
    // Both are made of a schema that is valid; the fields of interfaces do not follow those of the shell's objects.
    shell: new GraphQLSchema({ ...shell.toConfig(), assumeValid: true }),
    fragments: new GraphQLSchema({
      query: new GraphQLObjectType({ name: 'OnePublication', fields: Object.fromEntries(fields) }),
      types: [...kinds],
      assumeValid: true,
    }),
  };
}

function placed(field: GraphQLFieldConfig<unknown, Context>, place: Place): GraphQLFieldConfig<unknown, Context> {
  const resolve = field.resolve ?? defaultFieldResolver;
  const { name } = getNamedType(field.type);
  return {
    ...field,
    type: withLeaf(field.type),
    resolve: (root, args, context, info) => {
      const answer = resolve(root, args, context, info);
      return answer instanceof Promise
        ? answer.then((late) => place(late, name, context, info))
        : place(answer, name, context, info);
    },
  };
}

function withLeaf(type: GraphQLOutputType): GraphQLOutputType {
  if (isNonNullType(type)) return new GraphQLNonNull(withLeaf(type.ofType));
  if (isListType(type)) return new GraphQLList(withLeaf(type.ofType));
  return RENDERED;
}
