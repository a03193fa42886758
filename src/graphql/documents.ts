import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  separateOperations,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../access/actor.ts';
import { type HubError, invalidInput } from '../errors.ts';
import { type KnownSizes, NOTHING_KNOWN } from './cost/known-sizes.ts';
import { longListIn } from './cost/long-lists.rules.ts';
import { MOST_COST, StaticCost, tooDear } from './cost/static-cost.ts';
import { DeprecatedUses } from './deprecated-uses.ts';
import { type DocumentFacts, documentFacts } from './document-facts.ts';
import { normalForm } from './normal-form.ts';

export interface DocumentRules {
  readonly maxTokens: number;
  /** Refuses a document before graphql-js validates it: some of its rules take long over a document that is hostile. */
  readonly limitFault?: (document: DocumentNode) => GraphQLError | undefined;
  /** Tells how long lists are now, for the cost of operations. */
  readonly sizes?: () => KnownSizes;
}

/** graphql-js stops looking after so many errors, and adds one more that says so: a hostile document costs little. */
const VALIDATION = { maxErrors: 10 } as const;

/** The first error of a document that does not pass, with how many more there are: an answer is no longer than its document. */
function summedUp(errors: readonly GraphQLError[]): GraphQLError[] {
  const [first] = errors;
  if (!first || errors.length === 1) return [...errors];
  const more = errors.length > VALIDATION.maxErrors ? `at least ${VALIDATION.maxErrors - 1}` : errors.length - 1;
  const { nodes, source, positions, extensions } = first;
  return [new GraphQLError(`${first.message} (and ${more} more)`, { nodes, source, positions, extensions })];
}

/** Characters of documents that were refused, each with its errors. */
const REFUSED_CHARACTERS = 500_000;
/** Characters of documents kept; what graphql-js makes of them takes some thirty times as much memory. */
const KEPT_CHARACTERS = 1_000_000;
/** What one document takes beside its characters. */
const OVERHEAD = 100;

/**
 * Every document that passed, whichever way it came in: HTTP, WebSocket or Server-Sent Events. Thousands of clients send
 * the same few, and each is parsed, validated and measured against the limits once.
 */
export class Documents {
  readonly schema: GraphQLSchema;
  readonly rules: DocumentRules;
  /** Every door counts here what is deprecated of the operations that it takes in. */
  readonly deprecated: DeprecatedUses;
  readonly #known = new LRUCache<string, ReadDocument>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (_read, query) => query.length + OVERHEAD,
  });

  readonly #refused = new LRUCache<string, Refusal>({
    maxSize: REFUSED_CHARACTERS,
    sizeCalculation: ({ characters }) => characters + OVERHEAD,
  });

  constructor(schema: GraphQLSchema, rules: DocumentRules) {
    this.schema = schema;
    this.rules = rules;
    this.deprecated = new DeprecatedUses(schema);
  }

  /** The document of a text that passed before. */
  find(query: string): ReadDocument | undefined {
    return this.#known.get(query);
  }

  /** Why an operation with these variables costs more than its client may ask, before anything of it is resolved; undefined if it does not. */
  costFault(
    operation: ReadOperation,
    variables: Readonly<Record<string, unknown>> | null | undefined,
    actor: Actor | null | undefined,
  ): HubError | undefined {
    const longList = longListIn(variables);
    if (longList) return invalidInput([longList]);
    const sizes = this.rules.sizes?.() ?? NOTHING_KNOWN;
    const weight = operation.cost.of(sizes, variables);
    const of = MOST_COST[actor ? 'staff' : 'public'];
    const most = operation.node.operation === OperationTypeNode.SUBSCRIPTION ? of.subscription : of.query;
    return weight > most ? tooDear(weight, most) : undefined;
  }

  /** Parses and validates a text, unless it came before; answers the errors if it does not pass. */
  read(query: string): ReadDocument | readonly GraphQLError[] {
    const found = this.#known.get(query);
    if (found) return found;
    const hash = createHash('sha256').update(query).digest('base64');
    const refused = this.#refused.get(hash);
    if (refused) return refused.errors;
    const read = this.#readAnew(query);
    if (read instanceof ReadDocument) this.#known.set(query, read);
    else this.#refused.set(hash, { errors: read, characters: query.length });
    return read;
  }

  /** Cheapest first: tokens, the hub's own limits, graphql-js's rules. */
  #readAnew(query: string): ReadDocument | readonly GraphQLError[] {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: this.rules.maxTokens });
    } catch (error) {
      return [withoutNodes(error as GraphQLError)];
    }
    const beyond = this.rules.limitFault?.(document);
    if (beyond) return [beyond];
    const errors = validate(this.schema, document, specifiedRules, VALIDATION);
    return errors.length > 0 ? summedUp(errors).map(withoutNodes) : new ReadDocument(this.schema, query, document);
  }
}

/** The errors of a document that was refused. */
interface Refusal {
  readonly errors: readonly GraphQLError[];
  readonly characters: number;
}

/** An error that may be kept: its nodes would hold on to the whole document. */
const withoutNodes = ({ message, source, positions, extensions }: GraphQLError): GraphQLError =>
  new GraphQLError(message, { source, positions, extensions });

/** A document that passed. Each of its operations is the same object however often it is asked for. */
export class ReadDocument {
  readonly query: string;
  readonly document: DocumentNode;
  readonly #schema: GraphQLSchema;
  readonly #operations = new Map<OperationDefinitionNode, ReadOperation>();

  constructor(schema: GraphQLSchema, query: string, document: DocumentNode) {
    this.#schema = schema;
    this.query = query;
    this.document = document;
  }

  /** The operation of that name, or the only one if no name is given; an empty name is none. */
  operation(name: string | null | undefined): ReadOperation | undefined {
    const node = getOperationAST(this.document, name || undefined);
    if (!node) return undefined;
    const known = this.#operations.get(node);
    if (known) return known;
    const operation = new ReadOperation(this.#schema, this, node);
    this.#operations.set(node, operation);
    return operation;
  }
}

/** One operation of a document that passed. */
export class ReadOperation {
  readonly within: ReadDocument;
  readonly node: OperationDefinitionNode;
  readonly #schema: GraphQLSchema;
  #facts: DocumentFacts | undefined;
  #normal: ReturnType<typeof normalForm> | undefined;
  #cost: StaticCost | undefined;

  constructor(schema: GraphQLSchema, within: ReadDocument, node: OperationDefinitionNode) {
    this.#schema = schema;
    this.within = within;
    this.node = node;
  }

  get facts(): DocumentFacts {
    this.#facts ??= documentFacts(this.#schema, this.alone());
    return this.#facts;
  }

  /** Equal for operations that answer the same bytes below their root fields, given the same values for their variables. */
  get normal(): ReturnType<typeof normalForm> {
    this.#normal ??= normalForm(this.alone());
    return this.#normal;
  }

  /** Its cost, as a function of its variables. */
  get cost(): StaticCost {
    this.#cost ??= new StaticCost(this.#schema, this.alone(), this.node);
    return this.#cost;
  }

  /** A document of this operation and the fragments that it spreads. */
  alone(): DocumentNode {
    const alone = separateOperations(this.within.document)[this.node.name?.value ?? ''];
    if (!alone) throw new Error('an operation is part of its document');
    return alone;
  }
}
