import { randomUUID } from 'node:crypto';
import type { ExecutionResult, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { Context } from '../../../graphql/context.ts';
import { executeWithin } from '../../../graphql/cost/execution.ts';
import type { ReadOperation } from '../../../graphql/documents.ts';
import type { PublicVersions } from '../public-versions.ts';
import type { Variables } from './publication-selection.ts';
import { RenderedPublications } from './rendered-publications.ts';
import { type SplitSchemas, splitSchemas } from './split-schemas.ts';

/**
 * Executes public queries in two halves, both by graphql-js: the shell, which leads to publications, each time; what is
 * selected of each publication once. The halves are joined as bytes. Exact because graphql-js executes both as it would
 * the whole; a query with any fault is left to a whole execution, which reports it.
 */
export class SplitExecution {
  readonly #schema: GraphQLSchema;
  readonly #publications: RenderedPublications;
  // Made at the first query, not while the hub starts.
  #halves: SplitSchemas | undefined;

  constructor(schema: GraphQLSchema, versions: PublicVersions) {
    this.#schema = schema;
    this.#publications = new RenderedPublications(versions);
  }

  /** How many publications were rendered until now. */
  get rendered(): number {
    return this.#publications.count;
  }

  /**
   * The body of the answer to an anonymous query; undefined if a whole execution has to report a fault. A promise if a
   * resolver waits for PostgreSQL. Whether the budget of the context is spent is for the caller to see.
   */
  run(
    operation: ReadOperation,
    variables: Variables,
    context: Context,
  ): Buffer | undefined | Promise<Buffer | undefined> {
    this.#halves ??= splitSchemas(this.#schema, (answer, type, reader, info) =>
      (reader as ShellContext).placeholders.putFor(answer, type, info),
    );
    const placeholders = new Placeholders(this.#publications, this.#halves.publications, operation, variables, context);
    const contextValue: ShellContext = { ...context, placeholders };
    const result = executeWithin({
      schema: this.#halves.shell,
      document: operation.within.document,
      operationName: operation.node.name?.value,
      variableValues: variables,
      contextValue,
    });
    return result instanceof Promise ? result.then((late) => placeholders.fill(late)) : placeholders.fill(result);
  }
}

interface ShellContext extends Context {
  readonly placeholders: Placeholders;
}

/** Random per process, so no published text can contain it. */
const MARK = `publication ${randomUUID()} `;

/** The rendered publications of one execution, each with a placeholder in the shell's answer. */
class Placeholders {
  readonly #publications: RenderedPublications;
  readonly #schema: GraphQLSchema;
  readonly #operation: ReadOperation;
  readonly #variables: Variables;
  readonly #context: Context;
  readonly #rendered: Buffer[] = [];

  constructor(
    publications: RenderedPublications,
    schema: GraphQLSchema,
    operation: ReadOperation,
    variables: Variables,
    context: Context,
  ) {
    this.#publications = publications;
    this.#schema = schema;
    this.#operation = operation;
    this.#variables = variables;
    this.#context = context;
  }

  /** Renders what a field of the shell returned (one publication, a list, null) and puts placeholders instead. */
  putFor(answer: unknown, type: string, info: GraphQLResolveInfo): unknown {
    if (answer === null || answer === undefined) return answer;
    const selection = this.#publications.selectionOf(this.#schema, this.#operation, type, info, this.#variables);
    // All that one field returned is rendered in one turn.
    const version = this.#publications.versionOf(selection);
    const put = (publication: unknown): unknown => {
      if (Array.isArray(publication)) return publication.map(put);
      if (publication === null || publication === undefined) return publication;
      if (typeof publication !== 'object') throw new Error('a publication is an object');
      const place = this.#rendered.length;
      this.#rendered.push(this.#publications.render(selection, version, publication, this.#context));
      return `${MARK}${place}`;
    };
    return put(answer);
  }

  /** The JSON of the shell's answer with the rendered publications in place of their placeholders. */
  fill({ data, errors }: ExecutionResult): Buffer | undefined {
    if (errors || !data) return undefined;
    const [first = '', ...others] = JSON.stringify({ data }).split(`"${MARK}`);
    const parts: Buffer[] = [Buffer.from(first)];
    for (const other of others) {
      const end = other.indexOf('"');
      const publication = this.#rendered[Number(other.slice(0, end))];
      if (!publication) return undefined;
      const between = other.slice(end + 1);
      parts.push(publication, between === ',' ? COMMA : Buffer.from(between));
    }
    parts.push(NEW_LINE);
    return Buffer.concat(parts);
  }
}

/** Between two publications of a list. */
const COMMA = Buffer.from(',');
/** As Apollo ends its answers. */
const NEW_LINE = Buffer.from('\n');
