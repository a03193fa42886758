import { randomUUID } from 'node:crypto';
import { type ExecutionResult, execute, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import type { Context } from '../../../graphql/context.ts';
import type { ReadOperation } from '../../../graphql/documents.ts';
import type { Moments } from '../moment.ts';
import { Fragments } from './fragments.ts';
import type { Variables } from './selection.ts';
import { type SplitSchemas, splitSchemas } from './split-schemas.ts';

/**
 * Executes public queries in two halves, both by graphql-js: what leads to publications each time, what is selected of
 * each publication once. The halves are joined as bytes. Exact because nothing is executed in another way than it would
 * be as a whole; whatever is not wholly without fault is left to a whole execution, which tells of it.
 */
export class SplitExecution {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Fragments;
  // Made at the first query, not while the hub starts.
  #halves: SplitSchemas | undefined;

  constructor(schema: GraphQLSchema, moments: Moments) {
    this.#schema = schema;
    this.#fragments = new Fragments(moments);
  }

  /** How many times something was rendered of a publication. */
  get rendered(): number {
    return this.#fragments.rendered;
  }

  /**
   * The body of an answer, for nobody in particular; undefined where a whole execution has to say what is wrong. A
   * promise where something waits for PostgreSQL.
   */
  run(
    operation: ReadOperation,
    variables: Variables,
    context: Context,
  ): Buffer | undefined | Promise<Buffer | undefined> {
    this.#halves ??= splitSchemas(this.#schema, (answer, type, reader, info) =>
      (reader as ShellContext).placements.place(answer, type, info),
    );
    const placements = new Placements(this.#fragments, this.#halves.fragments, operation, variables, context);
    const contextValue: ShellContext = { ...context, placements };
    const result = execute({
      schema: this.#halves.shell,
      document: operation.within.document,
      operationName: operation.node.name?.value,
      variableValues: variables,
      contextValue,
    });
    return result instanceof Promise ? result.then((late) => placements.join(late)) : placements.join(result);
  }
}

interface ShellContext extends Context {
  readonly placements: Placements;
}

/** Nobody who writes a text can know it. */
const MARK = `publication ${randomUUID()} `;

/** The publications of one execution, each with its place in the shell. */
class Placements {
  readonly #fragments: Fragments;
  readonly #schema: GraphQLSchema;
  readonly #operation: ReadOperation;
  readonly #variables: Variables;
  readonly #context: Context;
  readonly #placed: Buffer[] = [];

  constructor(
    fragments: Fragments,
    schema: GraphQLSchema,
    operation: ReadOperation,
    variables: Variables,
    context: Context,
  ) {
    this.#fragments = fragments;
    this.#schema = schema;
    this.#operation = operation;
    this.#variables = variables;
    this.#context = context;
  }

  place(answer: unknown, type: string, info: GraphQLResolveInfo): unknown {
    if (answer === null || answer === undefined) return answer;
    const selection = this.#fragments.selection(this.#schema, this.#operation, type, info, this.#variables);
    const stand = (publication: unknown): unknown => {
      if (Array.isArray(publication)) return publication.map(stand);
      if (publication === null || publication === undefined) return publication;
      if (typeof publication !== 'object') throw new Error('a publication is an object');
      const place = this.#placed.length;
      this.#placed.push(this.#fragments.of(selection, publication, this.#context));
      return `${MARK}${place}`;
    };
    return stand(answer);
  }

  join({ data, errors }: ExecutionResult): Buffer | undefined {
    if (errors || !data) return undefined;
    const [first = '', ...others] = JSON.stringify({ data }).split(`"${MARK}`);
    const parts: Buffer[] = [Buffer.from(first)];
    for (const other of others) {
      const end = other.indexOf('"');
      const fragment = this.#placed[Number(other.slice(0, end))];
      if (!fragment) return undefined;
      const between = other.slice(end + 1);
      parts.push(fragment, between === ',' ? COMMA : Buffer.from(between));
    }
    parts.push(NEW_LINE);
    return Buffer.concat(parts);
  }
}

/** What stands between two of a list. */
const COMMA = Buffer.from(',');
/** As Apollo ends its answers. */
const NEW_LINE = Buffer.from('\n');
