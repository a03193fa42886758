import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  type OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** What sharing an execution needs to know of a document. */
export interface Outline {
  /** The fields of the root that it asks for. */
  readonly roots: ReadonlySet<string>;
  /** The variables that what is selected below those fields depends on; their arguments are not among it. */
  readonly variables: readonly string[];
  /** Whether something that is selected follows the clock or what else is public. */
  readonly volatile: boolean;
}

/** Reads the operations of one type in a valid document. */
export function outline(schema: GraphQLSchema, document: DocumentNode, operation: OperationTypeNode): Outline {
  const types = new TypeInfo(schema);
  const roots = new Set<string>();
  const variables = new Set<string>();
  let volatile = false;
  let argumentsOfRoot = false;
  const isRoot = () => types.getParentType() === schema.getRootType(operation);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        if (isRoot()) roots.add(node.name.value);
        volatile ||= isVolatile(schema, types, node.name.value);
      },
      Argument: {
        // What is selected below may not depend on them: a filter says which changes come, and not what they tell.
        enter: () => {
          argumentsOfRoot = types.getDirective() === null && isRoot();
        },
        leave: () => {
          argumentsOfRoot = false;
        },
      },
      // Its own declaration uses none.
      VariableDefinition: () => false,
      Variable(node) {
        if (!argumentsOfRoot) variables.add(node.name.value);
      },
    }),
  );
  return { roots, variables: [...variables].sort(), volatile };
}

/** A field of an interface is volatile where it is on one of the kinds. */
function isVolatile(schema: GraphQLSchema, types: TypeInfo, name: string): boolean {
  const parent = types.getParentType();
  const marked = (field: GraphQLField<unknown, unknown> | null | undefined) => field?.extensions?.volatile === true;
  if (marked(types.getFieldDef())) return true;
  return isCompositeType(parent) && isAbstractType(parent)
    ? schema.getPossibleTypes(parent).some((type) => marked(type.getFields()[name]))
    : false;
}
