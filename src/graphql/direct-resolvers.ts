import { type GraphQLObjectType, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { Context } from './context.ts';

type Storage = ReturnType<typeof getMetadataStorage>;
type FieldResolver = Storage['fieldResolvers'][number];
type Handler = Storage['queries'][number] | FieldResolver;
type Method = (...args: unknown[]) => unknown;
type Instances = ReadonlyMap<unknown, object>;

/**
 * Binds what reads straight to the resolvers' methods. type-graphql passes every argument through an async validation,
 * even where validation is off, and awaits every `resolveType`: an answer of 20 alerts becomes thousands of promises, and
 * one item that throws while another one's promise rejects ends the process (graphql-js 16). Mutations stay as they are.
 */
export function bindDirectly(schema: GraphQLSchema, instances: Instances): void {
  const storage = getMetadataStorage();
  readPlainFields(schema, storage, instances);
  for (const handler of storage.queries) bind(schema.getQueryType(), handler, instances);
  for (const handler of storage.subscriptions) bind(schema.getSubscriptionType(), handler, instances);
  // Those of interfaces first: an object type's own resolver goes before the one that it inherits.
  const external = storage.fieldResolvers.filter(({ kind }) => kind === 'external');
  const owned = external.map((handler) => ({ handler, types: ownersOf(schema, storage, handler) }));
  for (const { handler, types } of owned.sort((a, b) => b.types.length - a.types.length))
    for (const type of types) bind(type, handler, instances);
  for (const { resolveType, name } of storage.interfaceTypes) {
    const type = schema.getType(name);
    // Ours name the type; type-graphql also lets them give a class, and so makes them async.
    if (isInterfaceType(type) && resolveType) type.resolveType = resolveType as typeof type.resolveType;
  }
}

/** Fields without a resolver of their own are read off the document by graphql-js itself. */
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
      if (field.name === field.schemaName && !resolved.has(`${name}.${field.schemaName}`))
        delete type.getFields()[field.schemaName]?.resolve;
  }
}

/** The object types whose field a resolver answers: its own, or all that implement its interface. */
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
