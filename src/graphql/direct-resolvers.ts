import { type GraphQLObjectType, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { Context } from './context.ts';

type Storage = ReturnType<typeof getMetadataStorage>;
type FieldResolver = Storage['fieldResolvers'][number];
type Handler = Storage['queries'][number] | FieldResolver;
type Method = (...args: unknown[]) => unknown;
type Instances = ReadonlyMap<unknown, object>;

/**
 * Binds queries, subscriptions and fields straight to the methods of their resolvers, past type-graphql's runtime: it makes
 * thousands of promises of one answer (docs/decisions/0027). Mutations stay as they are.
 */
export function bindDirectly(schema: GraphQLSchema, instances: Instances): void {
  const storage = getMetadataStorage();
  readPlainFields(schema, storage, instances);
  for (const handler of storage.queries) bind(schema.getQueryType(), handler, instances);
  for (const handler of storage.subscriptions) bind(schema.getSubscriptionType(), handler, instances);
  // Resolvers of interfaces are bound first: an object type's own resolver then replaces the one that it inherits.
  const external = storage.fieldResolvers.filter(({ kind }) => kind === 'external');
  const owned = external.map((handler) => ({ handler, types: ownersOf(schema, storage, handler) }));
  for (const { handler, types } of owned.sort((a, b) => b.types.length - a.types.length))
    for (const type of types) bind(type, handler, instances);
  for (const { resolveType, name } of storage.interfaceTypes) {
    const type = schema.getType(name);
    // The hub's `resolveType` returns the name of a type; type-graphql also allows a class, and so awaits it.
    if (isInterfaceType(type) && resolveType) type.resolveType = resolveType as typeof type.resolveType;
  }
}

/** Lets graphql-js itself read the fields of a document that have no resolver of their own. */
function readPlainFields(schema: GraphQLSchema, storage: Storage, instances: Instances): void {
  const resolved = new Set(
    storage.fieldResolvers
      .filter(({ kind, target }) => kind === 'internal' || instances.has(target))
      .flatMap((handler) => ownersOf(schema, storage, handler).map(({ name }) => `${name}.${handler.schemaName}`)),
  );
  for (const { name, fields = [], interfaceClasses = [] } of storage.objectTypes) {
    const type = schema.getType(name);
    if (!isObjectType(type)) continue;
    const inherited = storage.interfaceTypes.filter(({ target }) => interfaceClasses.includes(target));
    for (const field of [...fields, ...inherited.flatMap((one) => one.fields ?? [])])
      if (!resolved.has(`${name}.${field.schemaName}`)) readProperty(type, field);
  }
}

function readProperty(type: GraphQLObjectType, { name, schemaName }: { name: string; schemaName: string }): void {
  const field = type.getFields()[schemaName];
  if (!field) return;
  // A property that documents keep under another name is read under that one.
  if (name === schemaName) delete field.resolve;
  else field.resolve = (root: Record<string, unknown>) => root[name];
}

/** The object types that a field resolver is for: its own, or all that implement its interface. */
function ownersOf(schema: GraphQLSchema, storage: Storage, { getObjectType }: FieldResolver): GraphQLObjectType[] {
  const target = getObjectType?.();
  const owner = [...storage.objectTypes, ...storage.interfaceTypes].find((one) => one.target === target);
  const type = owner && schema.getType(owner.name);
  if (isObjectType(type)) return [type];
  return isInterfaceType(type) ? [...schema.getImplementations(type).objects] : [];
}

function bind(type: GraphQLObjectType | null | undefined, handler: Handler, instances: Instances): void {
  const instance = instances.get(handler.target) as Record<string, Method> | undefined;
  const field = type?.getFields()[handler.schemaName];
  if (!instance || !field) return;
  const method = instance[handler.methodName];
  if (!method) throw new Error(`${handler.target.name} has no method ${handler.methodName}`);
  const parameters = [...(handler.params ?? [])].sort((a, b) => a.index - b.index);
  const readers = parameters.map((parameter) => {
    if (parameter.kind === 'root') return 0;
    if (parameter.kind === 'context' && !parameter.propertyName) return 2;
    if (parameter.kind === 'arg') return parameter.name;
    throw new Error(
      `${handler.target.name}.${handler.methodName} takes a parameter that is not root, argument or context`,
    );
  });
  field.resolve = (root, args, context) => {
    const answer = method.apply(
      instance,
      readers.map((reader) => (reader === 0 ? root : reader === 2 ? context : args[reader])),
    );
    if (answer instanceof Promise) (context as Partial<Context> | undefined)?.onPromise?.();
    return answer;
  };
}
