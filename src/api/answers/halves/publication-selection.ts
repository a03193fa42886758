import canonicalize from 'canonicalize';
import {
  type DocumentNode,
  execute,
  type FieldNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  separateOperations,
} from 'graphql';
import type { Context } from '../../../graphql/context.ts';
import { documentFacts } from '../../../graphql/document-facts.ts';
import type { ReadOperation } from '../../../graphql/documents.ts';

/** The variables of a request, as they were given. */
export type Variables = Readonly<Record<string, unknown>>;

/** What an operation selects of each publication under one field, as an operation of its own. */
export class PublicationSelection {
  /** Whether a selected field follows the clock or what else is public. */
  readonly volatile: boolean;
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #type: string;
  readonly #nodes: readonly FieldNode[];
  readonly #names: readonly string[];
  readonly #coerced: string | undefined;
  readonly #given: Variables;

  /** `schema` has a root field named `type`; `info` is that of the field that returns the publications. */
  constructor(
    schema: GraphQLSchema,
    operation: ReadOperation,
    type: string,
    info: GraphQLResolveInfo,
    given: Variables,
  ) {
    this.#schema = schema;
    this.#type = type;
    this.#nodes = info.fieldNodes;
    const own = ownDocument(operation, type, info.fieldNodes);
    const { variables, volatile } = documentFacts(schema, own);
    this.volatile = volatile;
    this.#names = variables;
    this.#document = declaring(own, operation.node, variables);
    this.#given = picked(variables, given);
    this.#coerced = canonicalize(picked(variables, info.variableValues));
  }

  /** Whether a field selects the same, with the same values of the variables used. */
  is(type: string, { fieldNodes, variableValues }: GraphQLResolveInfo): boolean {
    return (
      this.#type === type &&
      this.#nodes.length === fieldNodes.length &&
      this.#nodes.every((node, index) => node === fieldNodes[index]) &&
      (this.#names.length === 0 || this.#coerced === canonicalize(picked(this.#names, variableValues)))
    );
  }

  /** The JSON of what is selected of one publication. Throws if a field of it fails, returns a promise, or goes beyond the budget. */
  render(publication: unknown, contextValue: Context): Buffer {
    const result = execute({
      schema: this.#schema,
      document: this.#document,
      rootValue: publication,
      contextValue,
      variableValues: this.#given,
    });
    if (result instanceof Promise) throw new Error('a field of a publication returned a promise');
    if (result.errors?.[0]) throw result.errors[0];
    return Buffer.from(JSON.stringify(result.data?.[this.#type]));
  }
}

const picked = (names: readonly string[], values: Variables): Variables =>
  Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));

/** What several nodes of one field select, put under one field: graphql-js merges it as it would have. */
function ownDocument({ within, node }: ReadOperation, type: string, nodes: readonly FieldNode[]): DocumentNode {
  const field: FieldNode = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: type },
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []),
    },
  };
  const own: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
  };
  const fragments = within.document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const [alone] = Object.values(separateOperations({ kind: Kind.DOCUMENT, definitions: [own, ...fragments] }));
  if (!alone) throw new Error(`no operation beside the fragments of ${node.name?.value ?? 'a query'}`);
  return alone;
}

/** Adds the declarations of the variables that it uses, as the whole operation has them. */
function declaring(own: DocumentNode, whole: OperationDefinitionNode, names: readonly string[]): DocumentNode {
  const variableDefinitions = (whole.variableDefinitions ?? []).filter(({ variable }) =>
    names.includes(variable.name.value),
  );
  return {
    ...own,
    definitions: own.definitions.map((one) =>
      one.kind === Kind.OPERATION_DEFINITION ? { ...one, variableDefinitions } : one,
    ),
  };
}
