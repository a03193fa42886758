import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { bindDirectly } from './direct-resolvers.ts';

/** A resolver instance: its class holds the decorators, the instance its services. */
type ResolverInstance = object;

// Subscriptions bring their own iterators; type-graphql asks for a pubSub all the same.
const noPubSub = {
  publish(): void {
    throw new Error('nothing publishes through type-graphql here');
  },
  subscribe(): AsyncIterable<never> {
    throw new Error('nothing subscribes through type-graphql here');
  },
};

/** Builds the schema from resolver instances that already hold what they need. */
export function createSchema(resolvers: readonly ResolverInstance[]): GraphQLSchema {
  const instances = new Map<unknown, ResolverInstance>(resolvers.map((instance) => [instance.constructor, instance]));
  const classes = [...instances.keys()] as [NewableFunction, ...NewableFunction[]];
  const schema = buildSchemaSync({
    resolvers: classes as unknown as Parameters<typeof buildSchemaSync>[0]['resolvers'],
    container: {
      get: (wanted) => {
        const instance = instances.get(wanted);
        if (!instance) throw new Error(`no instance of the resolver class ${wanted.name}`);
        return instance;
      },
    },
    validate: false,
    // It asks the schema to describe itself, which takes longer than making it; a test validates it.
    skipCheck: true,
    pubSub: noPubSub,
  });
  bindDirectly(schema, instances);
  return schema;
}

/** The schema as it is committed: sorted, so that a diff shows what changed and nothing else. */
export const printedSchema = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
