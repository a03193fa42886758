import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * A node of introspection takes less than 1 µs: an operation that asks for as many as it may stays below 50 ms of CPU. The whole schema, for
 * which an app may ask, has 34,000.
 */
const WEIGHT = 2.5;
/** Nodes that are counted of one operation: more is refused whatever it is. */
const MOST_COUNTED = 40_500;
/** Types that stand for any: the largest. */
const LARGEST = 3;

/**
 * The cost of the fields of introspection of one operation, counted exactly: the schema does not change, and graphql-js's own
 * resolvers are asked. One selection of one element is counted once, however many ways lead there.
 */
export class IntrospectionCost {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Fragments;
  readonly #known = new Map<SelectionSetNode, Map<unknown, number>>();
  #counted = 0;

  constructor(schema: GraphQLSchema, fragments: Fragments) {
    this.#schema = schema;
    this.#fragments = fragments;
  }

  /** Of `__schema` and `__type`; `__typename` costs nothing. */
  of(node: FieldNode, selections: readonly SelectionSetNode[]): number {
    const name = node.name.value;
    if (name === SchemaMetaFieldDef.name)
      return Math.ceil(WEIGHT * (1 + this.#below(selections, SchemaMetaFieldDef, this.#schema)));
    if (name !== TypeMetaFieldDef.name) return 0;
    const given = node.arguments?.find((argument) => argument.name.value === 'name')?.value;
    // A name that comes by a variable may be that of any type.
    const types = given?.kind === Kind.STRING ? [this.#schema.getType(given.value)] : largestOf(this.#schema);
    const counts = types.map((type) => (type ? this.#below(selections, TypeMetaFieldDef, type) : 0));
    return Math.ceil(WEIGHT * (1 + Math.max(0, ...counts)));
  }

  #below(
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
      if (this.#counted > MOST_COUNTED) break;
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
    this.#counted += 1;
    const field = type.getFields()[name.value];
    // Only lists and what leads on are worth the asking.
    if (!field?.resolve || (!selectionSet && !LISTS.has(name.value))) return 1;
    const value = field.resolve(source, { includeDeprecated: true }, undefined, infoOf(this.#schema));
    const items: unknown[] = Array.isArray(value) ? value : [];
    if (!selectionSet) return 1 + items.length;
    const below = (one: unknown) => (one ? this.#below([selectionSet], field, one) : 0);
    if (!Array.isArray(value)) return 1 + below(value);
    return items.reduce((sum: number, one) => sum + below(one), 1 + items.length);
  }
}

/** Lists of introspection that are leaves. */
const LISTS = new Set(['locations']);

/** The types with the most fields, inputs or values. */
function largestOf(schema: GraphQLSchema): GraphQLNamedType[] {
  const sized = Object.values(schema.getTypeMap()).map((type) => ({ type, size: sizeOf(type) }));
  const largest = sized.sort((a, b) => b.size - a.size).slice(0, LARGEST);
  return largest.map(({ type }) => type);
}

function sizeOf(type: GraphQLNamedType): number {
  if (isEnumType(type)) return type.getValues().length;
  return 'getFields' in type ? Object.keys(type.getFields()).length : 0;
}

/** graphql-js's resolvers of introspection read nothing else of it. */
const infoOf = (schema: GraphQLSchema) => ({ schema }) as GraphQLResolveInfo;
