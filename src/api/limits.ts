import {
  type ASTVisitor,
  GraphQLError,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** What one document may ask; the same over HTTP, WebSocket and SSE. */
export const LIMITS = {
  /** Bytes of a request's body. */
  body: 256 * 1024,
  tokens: 5_000,
  depth: 15,
  fields: 600,
  aliases: 60,
  operations: 10,
  fragments: 50,
} as const;

/** Relations that lead from one publication to many more: once on a path is what a screen needs, twice is an attack. */
const RELATIONS = new Set(['situation', 'publications', 'incident', 'event', 'closures', 'publication', 'preview']);

interface Tally {
  fields: number;
  aliases: number;
}

/** Refuses documents that are too deep, too wide or too entangled, before anything is executed. */
export const limitRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Document: {
    enter(document) {
      const count = (kind: string) => document.definitions.filter((definition) => definition.kind === kind).length;
      if (count('OperationDefinition') > LIMITS.operations)
        return refuse(context, `a document may hold at most ${LIMITS.operations} operations`);
      if (count('FragmentDefinition') > LIMITS.fragments)
        return refuse(context, `a document may hold at most ${LIMITS.fragments} fragments`);
      for (const definition of document.definitions) {
        if (definition.kind !== 'OperationDefinition') continue;
        const tally: Tally = { fields: 0, aliases: 0 };
        const fault = walk(context, definition.selectionSet, [], tally, new Set());
        if (fault) return refuse(context, fault);
      }
      return undefined;
    },
  },
});

function refuse(context: ValidationContext, message: string): undefined {
  context.reportError(new GraphQLError(message));
  return undefined;
}

function walk(
  context: ValidationContext,
  { selections }: SelectionSetNode,
  path: readonly string[],
  tally: Tally,
  spread: ReadonlySet<string>,
): string | undefined {
  if (path.length >= LIMITS.depth) return `a document may be at most ${LIMITS.depth} fields deep`;
  for (const selection of selections) {
    let fault: string | undefined;
    if (selection.kind === 'Field') {
      const name = selection.name.value;
      // Introspection nests by nature, and costs nothing that grows with the data.
      if (name.startsWith('__')) continue;
      fault = countField(name, selection.alias !== undefined, path, tally);
      if (!fault && selection.selectionSet)
        fault = walk(context, selection.selectionSet, [...path, name], tally, spread);
    } else if (selection.kind === 'InlineFragment') {
      fault = walk(context, selection.selectionSet, path, tally, spread);
    } else if (!spread.has(selection.name.value)) {
      const fragment = context.getFragment(selection.name.value);
      if (fragment)
        fault = walk(context, fragment.selectionSet, path, tally, new Set([...spread, selection.name.value]));
    }
    if (fault) return fault;
  }
  return undefined;
}

function countField(name: string, aliased: boolean, path: readonly string[], tally: Tally): string | undefined {
  tally.fields += 1;
  if (aliased) tally.aliases += 1;
  if (tally.fields > LIMITS.fields) return `an operation may select at most ${LIMITS.fields} fields`;
  if (tally.aliases > LIMITS.aliases) return `an operation may use at most ${LIMITS.aliases} aliases`;
  if (RELATIONS.has(name) && path.includes(name)) return `${name} may stand only once on a path`;
  return undefined;
}
