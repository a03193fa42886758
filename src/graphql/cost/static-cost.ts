import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { HubError } from '../../errors.ts';
import { type DeclaredCost, declaredCost, WHERE } from './declared-costs.ts';
import { IntrospectionCost } from './introspection-cost.ts';
import type { KnownSizes, ListSize, Things } from './known-sizes.ts';

type Args = Readonly<Record<string, unknown>>;
type Variables = Readonly<Record<string, unknown>>;
type Field = GraphQLField<unknown, unknown>;

/** A field as it is selected, with all that is selected below it. */
interface PlannedField {
  readonly owner: string;
  readonly name: string;
  readonly declared: DeclaredCost;
  readonly isList: boolean;
  readonly type: string;
  /** Undefined for a leaf. */
  readonly below: Plan | undefined;
  /** Where an argument bounds it. */
  readonly args: ((variables: Variables) => Args) | undefined;
}

/** The selection of a type: its fields, and those of the types behind it. */
interface Plan {
  readonly fields: readonly PlannedField[];
  readonly narrowed: readonly (readonly [type: string, Plan])[];
  /** The cost of introspection that is asked here; it never changes. */
  readonly fixed: number;
}

/**
 * The most that an operation may cost. It is counted as if every list were as long as it can be at this moment, all at once, and so the
 * budget of an execution is a fifth of it; a subscription, which is executed at every change, a tenth.
 */
export const MOST_COST = {
  public: { query: 100_000, subscription: 10_000 },
  staff: { query: 2_000_000, subscription: 200_000 },
} as const;

/** Refuses an operation. */
export const tooDear = (weight: number, most: number): HubError =>
  new HubError(
    'BAD_REQUEST',
    `this operation may cost ${weight} as things stand, and may cost at most ${most}: ask for shorter lists, or for fewer fields of their items`,
    { limit: { name: 'cost', weight, most } },
  );

/** The most nodes that an operation may resolve as things stand, each by its weight, before it is executed. */
export class StaticCost {
  readonly #schema: GraphQLSchema;
  readonly #node: OperationDefinitionNode;
  readonly #plan: Plan;
  readonly #sliced: readonly string[];
  #last: { sizes: KnownSizes; key: string; cost: number } | undefined;

  /** Reads a valid document of one operation and its fragments. */
  constructor(schema: GraphQLSchema, document: DocumentNode, node: OperationDefinitionNode) {
    const planner = new Planner(schema, document);
    const root = schema.getRootType(node.operation);
    if (!root) throw new Error(`the schema has no ${node.operation}`);
    this.#schema = schema;
    this.#node = node;
    this.#plan = planner.plan([node.selectionSet], root);
    this.#sliced = [...planner.variables];
  }

  /** The cost with these variables, as the client sent them. It is counted anew only where something that it depends on has changed. */
  of(sizes: KnownSizes, variables: Variables | null | undefined): number {
    const key = this.#sliced.length === 0 ? '' : JSON.stringify(this.#sliced.map((name) => variables?.[name] ?? null));
    const last = this.#last;
    if (last && last.sizes === sizes && last.key === key) return last.cost;
    const given = getVariableValues(this.#schema, this.#node.variableDefinitions ?? [], variables ?? {});
    // Variables that do not fit are refused when the operation is executed, before anything is resolved.
    const cost = given.coerced ? costOf(this.#plan, ROOT, { sizes, variables: given.coerced }) : 0;
    this.#last = { sizes, key, cost };
    return cost;
  }
}

const ROOT: Things = { count: 1, groups: 1, most: 1, type: undefined, from: undefined };

interface Asked {
  readonly sizes: KnownSizes;
  readonly variables: Variables;
}

function costOf({ fields, narrowed, fixed }: Plan, things: Things, asked: Asked): number {
  let cost = fixed * things.count;
  for (const field of fields) {
    const { weight, each } = field.declared;
    const size = field.isList ? sizeOf(field, things, asked) : undefined;
    cost += things.count * (weight + weightOfInputs(field, asked)) + (size?.total ?? things.count) * each;
    if (field.below)
      cost += costOf(field.below, size ? itemsOf(field, things, size, asked) : onBelow(field, things, asked), asked);
  }
  for (const [type, plan] of narrowed) cost += costOf(plan, narrow(type, things, asked), asked);
  return cost;
}

/** The weights of those fields of its filter that are given. */
function weightOfInputs({ declared: { inputs }, args }: PlannedField, { variables }: Asked): number {
  if (!inputs || !args) return 0;
  const where = (args(variables)[WHERE] ?? {}) as Readonly<Record<string, unknown>>;
  let weight = 0;
  for (const name of Object.keys(inputs)) if (where[name] != null) weight += inputs[name] ?? 0;
  return weight;
}

/** Of several things those behind an interface that are of one type. */
function narrow(type: string, things: Things, { sizes }: Asked): Things {
  const standing = sizes.standing(type, things);
  if (standing === undefined) return things;
  const most = Math.min(things.most, standing);
  return { ...things, most, count: Math.min(things.count, things.groups * most) };
}

function sizeOf({ owner, name, declared, args }: PlannedField, things: Things, { sizes, variables }: Asked): ListSize {
  const { count, page } = things;
  const known = sizes.list(owner, name, things);
  const bounded = page ?? (declared.slicedBy && args ? lengthOf(args(variables)[declared.slicedBy]) : undefined);
  const largest = bounded ?? known?.largest ?? declared.assumedSize ?? 1;
  return bounded === undefined && known ? known : { largest, total: count * largest };
}

const lengthOf = (value: unknown): number =>
  Array.isArray(value) ? value.length : typeof value === 'number' ? Math.max(0, value) : 1;

/** The items of a list; one that is no thing of its own goes with the thing that it is a part of. */
function itemsOf(
  { owner, name, type }: PlannedField,
  things: Things,
  { total, largest }: ListSize,
  { sizes }: Asked,
): Things {
  const isThing = sizes.isThing(type);
  if (things.type !== undefined && !isThing) return { ...things, count: total };
  const from = things.page === undefined ? `${owner}.${name}` : things.from;
  return { count: total, groups: things.count, most: largest, type: isThing ? type : undefined, from };
}

/** The things below a field that is no list. */
function onBelow(
  { owner, name, declared, type, args }: PlannedField,
  things: Things,
  { sizes, variables }: Asked,
): Things {
  const { page: _page, ...here } = things;
  if (declared.sizedFields && declared.slicedBy && args) {
    const given = args(variables);
    const { items, from } = sizes.page(`${owner}.${name}`, given, lengthOf(given[declared.slicedBy]));
    return { ...here, page: items, from: from ?? `${owner}.${name}` };
  }
  if (!sizes.isThing(type)) return here;
  if (things.type === undefined) return { ...here, type };
  // Another thing for each: two of them may lead to the same one.
  return { count: things.count, groups: things.count, most: 1, type, from: `${owner}.${name}` };
}

/** Fields of one selection that answer under one key are resolved once, whatever is selected below each. */
interface Gathered {
  readonly node: FieldNode;
  readonly selections: SelectionSetNode[];
}
type Gathering = Map<string, Map<string, Gathered>>;

class Planner {
  /** The variables that bound lists, or that choose where they come from. */
  readonly variables = new Set<string>();
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #introspection: IntrospectionCost;

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode) {
    this.#schema = schema;
    this.#fragments = new Map(
      definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
    );
    this.#introspection = new IntrospectionCost(schema, this.#fragments);
  }

  plan(selections: readonly SelectionSetNode[], type: GraphQLNamedType): Plan {
    const found: Gathering = new Map();
    const seen = new Set<string>();
    for (const selection of selections) this.#gather(selection, type.name, found, seen);
    const { fields, fixed } = this.#fieldsOf(type, found.get(type.name));
    const others = [...found].filter(([name]) => name !== type.name);
    const narrowed = others.map(([name, keys]) => {
      const behind = this.#schema.getType(name) as GraphQLNamedType;
      return [name, { ...this.#fieldsOf(behind, keys), narrowed: [] }] as const;
    });
    return { fields, fixed, narrowed };
  }

  /** Gathers what is selected, by the type that it is asked of and by its key in the answer. */
  #gather({ selections }: SelectionSetNode, type: string, found: Gathering, seen: Set<string>): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const keys = found.get(type) ?? new Map<string, Gathered>();
        found.set(type, keys);
        const key = (selection.alias ?? selection.name).value;
        const gathered = keys.get(key) ?? { node: selection, selections: [] };
        keys.set(key, gathered);
        if (selection.selectionSet) gathered.selections.push(selection.selectionSet);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
      const of = fragment?.typeCondition?.name.value ?? type;
      // A fragment adds nothing where it is spread again.
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? `${type} ${selection.name.value}` : undefined;
      if (!fragment || (name !== undefined && seen.has(name))) continue;
      if (name !== undefined) seen.add(name);
      // An interface within one type changes nothing; one type within an interface leaves the others out.
      const within = isObjectType(this.#schema.getType(of)) ? of : type;
      this.#gather(fragment.selectionSet, within, found, seen);
    }
  }

  #fieldsOf(type: GraphQLNamedType, keys: ReadonlyMap<string, Gathered> | undefined): Pick<Plan, 'fields' | 'fixed'> {
    let fixed = 0;
    const fields: PlannedField[] = [];
    for (const { node, selections } of keys?.values() ?? []) {
      const name = node.name.value;
      if (name.startsWith('__')) fixed += this.#introspection.of(node, selections);
      else {
        const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
        if (field && (isObjectType(type) || isInterfaceType(type)))
          fields.push(this.#planned(field, declaredCost(type, field), type.name, node, selections));
      }
    }
    return { fields, fixed };
  }

  #planned(
    field: Field,
    declared: DeclaredCost,
    owner: string,
    node: FieldNode,
    selections: readonly SelectionSetNode[],
  ): PlannedField {
    const type = getNamedType(field.type);
    const isSliced = declared.slicedBy !== undefined;
    if (declared.slicedBy !== undefined) this.#noteVariables(node, [declared.slicedBy, WHERE]);
    return {
      owner,
      name: field.name,
      declared,
      isList: isListType(getNullableType(field.type)),
      type: type.name,
      below: isCompositeType(type) ? this.plan(selections, type) : undefined,
      args: isSliced ? (variables) => argumentsOf(field, node, variables) : undefined,
    };
  }

  #noteVariables({ arguments: given = [] }: FieldNode, names: readonly string[]): void {
    for (const argument of given)
      if (names.includes(argument.name.value))
        visit(argument.value, { Variable: ({ name }) => void this.variables.add(name.value) });
  }
}

/** The arguments of a field; none where they do not fit, since it is refused before it is resolved. */
function argumentsOf(field: Field, node: FieldNode, variables: Variables): Args {
  try {
    return getArgumentValues(field, node, variables as Record<string, unknown>);
  } catch {
    return {};
  }
}
