import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** A selection of every field below a type that needs no argument. Where a type comes again on a path, its plain fields are. */
export const wholeSelection = (schema: GraphQLSchema, type: GraphQLOutputType): string =>
  select(schema, getNamedType(type), new Set());

function select(schema: GraphQLSchema, type: GraphQLNamedType, above: ReadonlySet<string>): string {
  if (!isCompositeType(type)) return '';
  const names = [type.name, ...(isObjectType(type) ? type.getInterfaces().map(({ name }) => name) : [])];
  const isAgain = names.some((name) => above.has(name));
  const within = new Set([...above, ...names]);
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  const parts = fields
    .filter(({ args }) => !args.some(isRequiredArgument))
    .filter((field) => !isAgain || !isCompositeType(getNamedType(field.type)))
    // One name may mean another type in another fragment: each type has an alias of its own.
    .map((field) => `${type.name}_${field.name}: ${field.name}${select(schema, getNamedType(field.type), within)}`);
  if (isAbstractType(type) && !isAgain)
    for (const one of schema.getPossibleTypes(type)) parts.push(`... on ${one.name}${select(schema, one, above)}`);
  return ` { ${parts.join(' ')} }`;
}
