import canonicalize from 'canonicalize';
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLFormattedError,
  getVariableValues,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Board, turnsOf } from '../../board/board.ts';
import type { Clock } from '../../clock.ts';
import type { ReadOperation } from '../../graphql/documents.ts';
import { type ErrorFormat, formatAll } from '../../graphql/error-format.ts';
import type { Entry } from '../../journal/entry.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { toChange } from './change.rules.ts';
import type { Rendered } from './frames.ts';

export interface RenderingSources {
  board: Board;
  clock: Clock;
  cursorOf(position: number): string;
  format: ErrorFormat;
  /** What anonymous readers are given: what is public is the same for all, so nobody's own rights may show in it. */
  context(): object;
}

/** What is selected of a change: `args` of the first who asked, its root arguments being of no matter here. */
export interface Selection {
  operation: ReadOperation;
  args: ExecutionArgs;
}

/** Bytes of rendered changes kept, over all selections. */
const KEPT_BYTES = 64 * 1024 * 1024;

interface Kept {
  rendered: Rendered;
  /** Where the selection follows more than the document: the version of the board that it showed, and until when. */
  version: number;
  until: number;
}

/** Renders each change once for all who select the same of it. */
export class Renderer {
  readonly #sources: RenderingSources;
  readonly #selections = new Map<string, Rendering>();
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ rendered }) => rendered.json.length + 200,
  });
  #made = 0;
  #executions = 0;

  constructor(sources: RenderingSources) {
    this.#sources = sources;
  }

  /** How many changes were executed until now, over all selections. */
  get executions(): number {
    return this.#executions;
  }

  /** The rendering for a selection: the same one for the same document and the same variables below the root. */
  of(selection: Selection): Rendering {
    const key = selectionKey(selection);
    let found = this.#selections.get(key);
    if (!found) {
      this.#made += 1;
      found = new Rendering(key, this.#made, selection);
      this.#selections.set(key, found);
    }
    return found;
  }

  /** Forgets a rendering that nobody uses any more. */
  forget({ key }: Rendering): void {
    this.#selections.delete(key);
  }

  /** A change as it is told to all who share a rendering. */
  change(rendering: Rendering, entry: Entry<PublicDocument>): Rendered {
    const { board, clock } = this.#sources;
    const key = `${rendering.number}:${entry.position}`;
    const kept = this.#kept.get(key);
    const now = clock.now();
    if (kept && (!rendering.volatile || (kept.version === board.version && now.getTime() < kept.until)))
      return kept.rendered;
    const rendered = this.#render(rendering, entry.position, entry, now);
    const until = rendering.volatile ? this.#until(entry, now.getTime()) : Number.POSITIVE_INFINITY;
    this.#kept.set(key, { rendered, version: board.version, until });
    return rendered;
  }

  /** A CHECKPOINT at a position: the same one for all who join within a second. */
  checkpoint(rendering: Rendering, position: number): Rendered {
    const now = this.#sources.clock.now();
    const second = Math.floor(now.getTime() / 1000);
    const { last } = rendering;
    if (last?.second === second && last.rendered.position === position) return last.rendered;
    const rendered = this.#render(rendering, position, null, now);
    rendering.last = { second, rendered };
    return rendered;
  }

  /** The next moment at which time alone may change what a change tells; what it shows may have left the board. */
  #until({ document }: Entry<PublicDocument>, now: number): number {
    return Math.min(this.#sources.board.horizon(), ...turnsOf(document).filter((turn) => turn > now));
  }

  #render({ args }: Rendering, position: number, entry: Entry<PublicDocument> | null, now: Date): Rendered {
    const cursor = this.#sources.cursorOf(position);
    this.#executions += 1;
    const result = this.#execute({
      ...args,
      contextValue: this.#sources.context(),
      rootValue: toChange({ cursor, entry }, now),
    });
    return { position, cursor, json: Buffer.from(JSON.stringify(result)) };
  }

  #execute(args: ExecutionArgs): ExecutionResult | { errors: GraphQLFormattedError[] } {
    const { format } = this.#sources;
    try {
      const result = execute(args);
      // A promise would let a later change overtake this one.
      if (result instanceof Promise) throw new Error('what is public has to be resolved at once, without a promise');
      const { errors } = result;
      return errors ? { ...result, errors: formatAll(errors, format) } : result;
    } catch (error) {
      return { errors: [format({ message: '' }, error)] };
    }
  }
}

export class Rendering {
  readonly volatile: boolean;
  readonly args: ExecutionArgs;
  /** How many audiences share it. */
  users = 0;
  /** Its newest CHECKPOINT, and the second that it tells. */
  last: { second: number; rendered: Rendered } | undefined;

  constructor(
    readonly key: string,
    /** Its short name in the cache. */
    readonly number: number,
    { operation, args }: Selection,
  ) {
    this.volatile = operation.facts.volatile;
    this.args = args;
  }
}

/** The document and the variables used below the root, coerced: equal for whoever is told the same. */
function selectionKey({ operation, args }: Selection): string {
  const { node, facts, within } = operation;
  const { coerced = {} } = getVariableValues(args.schema, node.variableDefinitions ?? [], args.variableValues ?? {});
  const used = Object.fromEntries(
    facts.variables.filter((name) => name in coerced).map((name) => [name, coerced[name]]),
  );
  return `${node.name?.value ?? ''}\n${canonicalize(used)}\n${within.query}`;
}
