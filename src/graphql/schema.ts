import { GraphQLSchema, isEnumType, isInterfaceType, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import growth from '../../schema/growth.json' with { type: 'json' };
import { countFields } from './cost/counted-fields.ts';
import { COST_DIRECTIVES, withCosts } from './cost/declared-costs.ts';
import { bindDirectly } from './direct-resolvers.ts';
import { errorCodeEnum } from './error-code.types.ts';
import { enforceOneOf } from './one-of.ts';

/** A resolver instance: its class holds the decorators, the instance its services. */
type ResolverInstance = object;

// Subscriptions bring their own streams; type-graphql demands a pubSub all the same.
const noPubSub = {
  publish(): void {
    throw new Error('nothing publishes through type-graphql here');
  },
  subscribe(): AsyncIterable<never> {
    throw new Error('nothing subscribes through type-graphql here');
  },
};

const SCHEMA =
  'The public-information hub of a French Département: alerts, advice, events, road closures, places of help and corrections of rumours. docs/stability.md says what apps may rely on, docs/clients.md how they begin.';

/** type-graphql gives the root types no description. */
const ROOTS: Record<string, string> = {
  Query:
    'What can be read. Everything public is open to everybody; every other field says which roles it is for. What stands here stays: docs/stability.md.',
  Mutation:
    'What can be changed. Each mutation is one transaction with its audit entry, and says which roles it is for; those of push are for anybody, and leave none. With an Idempotency-Key header it can be sent again without being done twice.',
  Subscription: 'What can be followed, over WebSocket (graphql-transport-ws) or Server-Sent Events.',
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
    // type-graphql's check introspects the schema, which takes longer than making it; a test validates it instead.
    skipCheck: true,
    pubSub: noPubSub,
  });
  for (const type of Object.values(schema.getTypeMap())) type.description ??= ROOTS[type.name];
  enforceOneOf(schema);
  bindDirectly(schema, instances);
  countFields(schema);
  return sayingHowItGrows(whole(schema));
}

/** No field answers the error codes, so type-graphql leaves their enum out; nor has it a description for the schema. */
function whole(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const types = [...config.types, errorCodeEnum()];
  const directives = [...config.directives, ...COST_DIRECTIVES];
  return new GraphQLSchema({ ...config, description: SCHEMA, types, directives, assumeValid: true });
}

/** An app that is shipped meets what comes later: every enum and interface says whether something may. */
function sayingHowItGrows(schema: GraphQLSchema): GraphQLSchema {
  const open = new Set([...growth.enums.open, ...growth.interfaces.open]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !type.description) continue;
    if (isEnumType(type)) type.description += open.has(type.name) ? MORE_VALUES : NO_MORE_VALUES;
    if (isInterfaceType(type) && open.has(type.name)) type.description += MORE_TYPES;
  }
  return schema;
}

const MORE_VALUES = ' More values may come: have a default.';
const NO_MORE_VALUES = ' No other value will come.';
const MORE_TYPES = ' More types may come behind it: have a default, and name the kinds that you list or follow.';

/** The schema as it is committed: sorted, so that a diff shows what changed and nothing else. */
export const printedSchema = (schema: GraphQLSchema): string =>
  `${withCosts(printSchema(lexicographicSortSchema(schema)), schema)}\n`;
