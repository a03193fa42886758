import { type ASTVisitor, GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';
import { Scales, type Weight } from './weight.ts';

/** The most that one document may ask for; the same over HTTP, WebSocket and SSE. */
export const LIMITS = {
  /** Bytes of a request's body. */
  body: 256 * 1024,
  tokens: 5_000,
  depth: 15,
  fields: 600,
  aliases: 60,
  introspections: 3,
  operations: 10,
  fragments: 50,
  /** Operations open at a time on one WebSocket. */
  openOperations: 50,
} as const;

/** Relations that lead from one publication to many others: a screen needs each once on a path, only an attack needs more. */
const RELATIONS = new Set(['situation', 'publications', 'incident', 'event', 'closures', 'publication', 'preview']);

/** Refuses documents that are too deep, too wide or too entangled, before anything is executed. */
export const limitRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Document: {
    enter({ definitions }) {
      const refuse = (message: string) => context.reportError(new GraphQLError(message));
      const operations = definitions.filter((definition) => definition.kind === 'OperationDefinition');
      const fragments = definitions.filter((definition) => definition.kind === 'FragmentDefinition');
      if (operations.length > LIMITS.operations)
        return refuse(`a document may hold at most ${LIMITS.operations} operations`);
      if (fragments.length > LIMITS.fragments)
        return refuse(`a document may hold at most ${LIMITS.fragments} fragments`);
      const scales = new Scales((name) => context.getFragment(name), RELATIONS);
      for (const { selectionSet } of operations) {
        const fault = faultOf(scales.weigh(selectionSet));
        if (fault) return refuse(fault);
      }
      return undefined;
    },
  },
});

function faultOf({ fields, aliases, introspections, depth, repeated }: Weight): string | undefined {
  if (depth > LIMITS.depth) return `a document may be at most ${LIMITS.depth} fields deep`;
  if (fields > LIMITS.fields) return `an operation may select at most ${LIMITS.fields} fields`;
  if (aliases > LIMITS.aliases) return `an operation may use at most ${LIMITS.aliases} aliases`;
  if (introspections > LIMITS.introspections)
    return `an operation may ask for __schema and __type at most ${LIMITS.introspections} times`;
  if (repeated) return `${repeated} may stand only once on a path`;
  return undefined;
}
