import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Marks a field whose value is not settled by the document alone: it follows the clock, or what else is public. Every
 * other field below a publication is settled for ever by its revision, and so may be computed and rendered once.
 */
export const VOLATILE = { volatile: true } as const;

/** What the hub needs to know of an operation before it may share one execution of it among many clients. */
export interface DocumentFacts {
  /** The names of the root fields that it selects. */
  readonly roots: ReadonlySet<string>;
  /** The variables that the selections below the root fields use, sorted; the arguments of the root fields do not count. */
  readonly variables: readonly string[];
  /** Whether a selected field follows the clock or what else is public. */
  readonly volatile: boolean;
}

/** Reads a valid document that holds one operation and the fragments that it spreads. */
export function documentFacts(schema: GraphQLSchema, document: DocumentNode): DocumentFacts {
  const operation = getOperationAST(document);
  const rootType = operation && schema.getRootType(operation.operation);
  const types = new TypeInfo(schema);
  const roots = new Set<string>();
  const variables = new Set<string>();
  let volatile = false;
  let argumentsOfRoot = false;
  const isRoot = () => types.getParentType() === rootType;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        if (isRoot()) roots.add(node.name.value);
        volatile ||= isVolatile(schema, types, node.name.value);
      },
      Argument: {
        // The arguments of a root field choose what is answered; they change nothing in what is selected of it.
        enter: () => {
          argumentsOfRoot = types.getDirective() === null && isRoot();
        },
        leave: () => {
          argumentsOfRoot = false;
        },
      },
      // The declaration of a variable is no use of it.
      VariableDefinition: () => false,
      Variable(node) {
        if (!argumentsOfRoot) variables.add(node.name.value);
      },
    }),
  );
  return { roots, variables: [...variables].sort(), volatile };
}

/** A field of an interface is volatile if it is volatile on one of the types that implement the interface. */
function isVolatile(schema: GraphQLSchema, types: TypeInfo, name: string): boolean {
  const parent = types.getParentType();
  const marked = (field: GraphQLField<unknown, unknown> | null | undefined) => field?.extensions?.volatile === true;
  if (marked(types.getFieldDef())) return true;
  return isCompositeType(parent) && isAbstractType(parent)
    ? schema.getPossibleTypes(parent).some((type) => marked(type.getFields()[name]))
    : false;
}
