import canonicalize from 'canonicalize';
import { type ExecutionArgs, getVariableValues } from 'graphql';
import type { ReadOperation } from '../../graphql/documents.ts';
import type { RenderedChange } from './frames.ts';

/** What a subscription selects of each change. */
export interface ChangeSelection {
  operation: ReadOperation;
  /** As the first subscription gave them; the arguments of the root field play no part in rendering. */
  args: ExecutionArgs;
}

/** What all subscriptions share that select the same of a change. */
export class Rendering {
  readonly volatile: boolean;
  readonly args: ExecutionArgs;
  /** How many audiences share it. */
  users = 0;
  /** Its newest CHECKPOINT, and the second that it shows. */
  checkpoint: { second: number; rendered: RenderedChange } | undefined;

  constructor(
    readonly key: string,
    /** Its short name in the cache. */
    readonly number: number,
    { operation, args }: ChangeSelection,
  ) {
    this.volatile = operation.facts.volatile;
    this.args = args;
  }
}

/** The document and the coerced variables below the root: equal for subscriptions that get the same bytes. */
export function selectionKey({ operation, args }: ChangeSelection): string {
  const { node, facts, within } = operation;
  const { coerced = {} } = getVariableValues(args.schema, node.variableDefinitions ?? [], args.variableValues ?? {});
  const used = Object.fromEntries(
    facts.variables.filter((name) => name in coerced).map((name) => [name, coerced[name]]),
  );
  return `${node.name?.value ?? ''}\n${canonicalize(used)}\n${within.query}`;
}
