import { type DocumentNode, GraphQLError, Kind } from 'graphql';
import type { PassedLimit } from '../errors.ts';
import { Scales, type Weight } from './weight.ts';

/** The most that one document may ask for; the same over HTTP, WebSocket and SSE. */
export const LIMITS = {
  /** Bytes of a request's body. */
  body: 256 * 1024,
  /** Pieces in which the network may bring it: chunks of a byte each cost more than their bytes do. */
  pieces: 4_096,
  /** Levels of lists and objects in JSON: a body, a message, variables in an address. */
  nesting: 64,
  /** Items of one list in the variables; those of coordinates apart. */
  items: 1_000,
  tokens: 5_000,
  depth: 15,
  fields: 600,
  aliases: 60,
  /** `__schema` and `__type`: older tools ask for five `__type` at once. */
  introspections: 10,
  operations: 10,
  fragments: 50,
  /** Spreads of fragments, those within fragments as often as these are spread. */
  spreads: 600,
  /** Operations open at a time on one WebSocket. */
  openOperations: 50,
} as const;

/** Relations that lead from one publication to many others: a screen needs each once on a path, only an attack needs more. */
const RELATIONS = new Set(['situation', 'publications', 'incident', 'event', 'closures', 'publication', 'preview']);

/** The words of each limit for a client whose document goes beyond it. */
const WORDS = {
  operations: (most: number) => `a document may hold at most ${most} operations`,
  fragments: (most: number) => `a document may hold at most ${most} fragments`,
  depth: (most: number) => `a document may be at most ${most} fields deep`,
  fields: (most: number) => `an operation may select at most ${most} fields`,
  aliases: (most: number) => `an operation may use at most ${most} aliases`,
  spreads: (most: number) => `an operation may spread fragments at most ${most} times`,
  introspections: (most: number) => `an operation may ask for __schema and __type at most ${most} times`,
};
type Counted = keyof typeof WORDS;

/** The limit that a document goes beyond: too deep, too wide, too entangled. It is looked at before anything else is. */
export function limitFault({ definitions }: DocumentNode): GraphQLError | undefined {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const byName = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  const scales = new Scales((name) => byName.get(name), RELATIONS);
  return (
    beyond('operations', operations.length) ??
    beyond('fragments', fragments.length) ??
    first(operations, ({ selectionSet }) => faultOf(scales.weigh(selectionSet)))
  );
}

const faultOf = (weight: Weight): GraphQLError | undefined =>
  first(['depth', 'fields', 'aliases', 'spreads', 'introspections'] as const, (name) => beyond(name, weight[name])) ??
  (weight.repeated === undefined ? undefined : repeats(weight.repeated));

const beyond = (name: Counted, weight: number): GraphQLError | undefined =>
  weight > LIMITS[name]
    ? refusal(`${WORDS[name](LIMITS[name])}, not ${weight}`, { name, weight, most: LIMITS[name] })
    : undefined;

/** Weighing stops at the second time. */
const repeats = (relation: string): GraphQLError =>
  refusal(`${relation} may stand only once on a path`, { name: relation, weight: 2, most: 1 });

const refusal = (message: string, limit: PassedLimit): GraphQLError =>
  new GraphQLError(message, { extensions: { limit } });

function first<T>(items: readonly T[], find: (item: T) => GraphQLError | undefined): GraphQLError | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}

const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that \d+ tokens/;

/** The limit that an error of graphql-js is about. Its parser stops at the first token beyond, and says so in words alone. */
export function limitOf({
  message,
  extensions,
}: Pick<GraphQLError, 'message'> & { extensions?: Record<string, unknown> }) {
  if (TOO_MANY_TOKENS.test(message)) return { name: 'tokens', weight: LIMITS.tokens + 1, most: LIMITS.tokens };
  return extensions?.limit;
}
