import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * The nodes that a field of introspection answers, counted exactly: the schema does not change, and graphql-js's own
 * resolvers are asked. One selection of one element is counted once, however many ways lead there.
 */
export function introspectionCost(
  schema: GraphQLSchema,
  node: FieldNode,
  selections: readonly SelectionSetNode[],
  fragments: Fragments,
): number {
  const name = node.name.value;
  if (name === SchemaMetaFieldDef.name)
    return 1 + new Count(schema, fragments).below(selections, SchemaMetaFieldDef, schema);
  if (name !== TypeMetaFieldDef.name) return 0;
  const given = node.arguments?.find((argument) => argument.name.value === 'name')?.value;
  // A name that comes by a variable may be that of any type: the largest.
  const types = given?.kind === Kind.STRING ? [schema.getType(given.value)] : Object.values(schema.getTypeMap());
  const count = new Count(schema, fragments);
  return 1 + Math.max(0, ...types.map((type) => (type ? count.below(selections, TypeMetaFieldDef, type) : 0)));
}

class Count {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Fragments;
  readonly #known = new Map<SelectionSetNode, Map<unknown, number>>();

  constructor(schema: GraphQLSchema, fragments: Fragments) {
    this.#schema = schema;
    this.#fragments = fragments;
  }

  below(
    selections: readonly SelectionSetNode[],
    { type }: Pick<GraphQLField<unknown, unknown>, 'type'>,
    source: unknown,
  ): number {
    const named = getNamedType(type);
    if (!isObjectType(named)) return 0;
    return selections.reduce((sum, selection) => sum + this.#selected(selection, named, source), 0);
  }

  #selected(selection: SelectionSetNode, type: GraphQLObjectType, source: unknown): number {
    const known = this.#known.get(selection) ?? new Map<unknown, number>();
    this.#known.set(selection, known);
    const found = known.get(source);
    if (found !== undefined) return found;
    let sum = 0;
    for (const one of selection.selections) {
      if (one.kind === Kind.FIELD) sum += this.#field(one, type, source);
      else {
        const within = one.kind === Kind.INLINE_FRAGMENT ? one : this.#fragments.get(one.name.value);
        if (within) sum += this.#selected(within.selectionSet, type, source);
      }
    }
    known.set(source, sum);
    return sum;
  }

  #field({ name, selectionSet }: FieldNode, type: GraphQLObjectType, source: unknown): number {
    const field = type.getFields()[name.value];
    if (!field?.resolve) return 1;
    const value = field.resolve(source, { includeDeprecated: true }, undefined, INFO(this.#schema));
    const items = Array.isArray(value) ? value : [];
    if (!selectionSet) return 1 + items.length;
    const below = (one: unknown) => (one ? this.below([selectionSet], field, one) : 0);
    return (
      1 + items.length + (Array.isArray(value) ? items.reduce((sum: number, one) => sum + below(one), 0) : below(value))
    );
  }
}

/** graphql-js's resolvers of introspection read nothing else of it. */
const INFO = (schema: GraphQLSchema) => ({ schema }) as GraphQLResolveInfo;
