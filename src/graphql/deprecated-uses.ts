import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isInterfaceType,
  isListType,
  isObjectType,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;
/** One operation of a document. */
interface Operation {
  readonly node: OperationDefinitionNode;
  /** A document of this operation and the fragments that it spreads. */
  alone(): DocumentNode;
}
type Element = GraphQLField<unknown, unknown> | GraphQLArgument | GraphQLInputField | GraphQLEnumValue;

const NONE: readonly string[] = [];

/**
 * Counts by coordinate (`Type.field`, `Type.field(argument:)`, `Enum.VALUE`) how often clients use what the schema marks as
 * deprecated: once for each operation that names it, in its document or in its variables.
 */
export class DeprecatedUses {
  readonly #schema: GraphQLSchema;
  // Looked up at the first operation, not while the hub starts.
  #known: Map<string, number> | undefined;
  readonly #written = new WeakMap<Operation, ReadonlySet<string>>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  get #counts(): Map<string, number> {
    this.#known ??= new Map(deprecatedOf(this.#schema).map((coordinate) => [coordinate, 0]));
    return this.#known;
  }

  /** How often each was used until now; those that nobody used are there with 0. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Counts everything deprecated that an operation uses with these variables; it costs nothing while nothing is deprecated. */
  count(operation: Operation, variables: Variables | null | undefined): readonly string[] {
    if (this.#counts.size === 0) return NONE;
    const written = this.#written.get(operation) ?? writtenIn(this.#schema, operation.alone());
    this.#written.set(operation, written);
    const uses = [...written.union(givenIn(this.#schema, operation, variables ?? {}))];
    this.countAgain(uses);
    return uses;
  }

  /** Counts an operation once more whose answer was kept, by what it uses. */
  countAgain(uses: readonly string[]): void {
    for (const use of uses) this.#counts.set(use, (this.#counts.get(use) ?? 0) + 1);
  }
}

const isDeprecated = (element: Element | null | undefined): boolean => typeof element?.deprecationReason === 'string';

/** The coordinates of everything that a schema marks as deprecated. */
function deprecatedOf(schema: GraphQLSchema): string[] {
  const named = (of: string, elements: readonly Element[]) =>
    elements.filter(isDeprecated).map(({ name }) => `${of}.${name}`);
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isEnumType(type)) return named(type.name, type.getValues());
    if (isInputObjectType(type)) return named(type.name, Object.values(type.getFields()));
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    const fields = Object.values(type.getFields());
    const args = fields.flatMap(({ name, args }) =>
      args.filter(isDeprecated).map((argument) => `${type.name}.${name}(${argument.name}:)`),
    );
    return [...named(type.name, fields), ...args];
  });
}

/** The deprecated that a document names itself: fields, arguments, and values that are written out. */
function writtenIn(schema: GraphQLSchema, document: DocumentNode): ReadonlySet<string> {
  const types = new TypeInfo(schema);
  const found = new Set<string>();
  const note = (element: Element | null | undefined, coordinate: string) => {
    if (isDeprecated(element)) found.add(coordinate);
  };
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: () => note(types.getFieldDef(), `${types.getParentType()}.${types.getFieldDef()?.name}`),
      Argument({ name }) {
        if (types.getDirective() === null || types.getDirective() === undefined)
          note(types.getArgument(), `${types.getParentType()}.${types.getFieldDef()?.name}(${name.value}:)`);
      },
      ObjectField({ name }) {
        const type = getNamedType(types.getParentInputType());
        if (isInputObjectType(type)) note(type.getFields()[name.value], `${type}.${name.value}`);
      },
      EnumValue: ({ value }) => note(types.getEnumValue(), `${getNamedType(types.getInputType())}.${value}`),
    }),
  );
  return found;
}

/** The deprecated that the variables of a request bring: fields of inputs, and values of enums. */
function givenIn(schema: GraphQLSchema, { node }: Operation, variables: Variables): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { variable, type: written } of node.variableDefinitions ?? []) {
    const type = typeFromAST(schema, written);
    if (isInputType(type)) noteGiven(type, variables[variable.name.value], found);
  }
  return found;
}

function noteGiven(given: GraphQLInputType, value: unknown, found: Set<string>): void {
  const type = getNullableType(given);
  if (isListType(type)) {
    for (const item of Array.isArray(value) ? value : [value]) noteGiven(type.ofType, item, found);
  } else if (isEnumType(type)) {
    if (typeof value === 'string' && isDeprecated(type.getValue(value))) found.add(`${type.name}.${value}`);
  } else if (isInputObjectType(type) && typeof value === 'object' && value !== null) {
    for (const [name, held] of Object.entries(value)) {
      const field = type.getFields()[name];
      if (!field) continue;
      if (isDeprecated(field)) found.add(`${type.name}.${name}`);
      noteGiven(field.type, held, found);
    }
  }
}
