import { type DefinitionNode, type DocumentNode, Kind, print, stripIgnoredCharacters, visit } from 'graphql';

/**
 * The text of an operation without all that changes nothing in what it answers below its root fields: its own name, those
 * of its fragments and variables, blanks and comments, the arguments of the root fields. Order and aliases stay: the bytes
 * of an answer show them. `variables` are the names in it, in the order of their first use.
 */
export function normalForm(document: DocumentNode): { text: string; variables: readonly string[] } {
  const fragments: string[] = [];
  const variables: string[] = [];
  const renamed = (names: string[], letter: string, value: string) => {
    if (!names.includes(value)) names.push(value);
    return { kind: Kind.NAME, value: `${letter}${names.indexOf(value)}` } as const;
  };
  const named = visit(document, {
    OperationDefinition: {
      enter: (node) => ({
        ...node,
        name: undefined,
        variableDefinitions: [],
        selectionSet: {
          ...node.selectionSet,
          selections: node.selectionSet.selections.map((root) =>
            root.kind === Kind.FIELD ? { ...root, arguments: [] } : root,
          ),
        },
      }),
    },
    FragmentSpread: { leave: (node) => ({ ...node, name: renamed(fragments, 'f', node.name.value) }) },
    FragmentDefinition: { leave: (node) => ({ ...node, name: renamed(fragments, 'f', node.name.value) }) },
  });
  const inOrder = { ...named, definitions: [...named.definitions].sort((a, b) => orderOf(a) - orderOf(b)) };
  const normal = visit(inOrder, { Variable: (node) => ({ ...node, name: renamed(variables, 'v', node.name.value) }) });
  return { text: stripIgnoredCharacters(print(normal)), variables };
}

/** The operation, then its fragments by their new names. */
const orderOf = (definition: DefinitionNode): number =>
  definition.kind === Kind.FRAGMENT_DEFINITION ? 1 + Number(definition.name.value.slice(1)) : 0;
