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

/**
 * The selection and the coerced variables below the root: equal for subscriptions that get the same bytes, whatever their
 * operation and fragments are called and however they are written.
 */
export function selectionKey({ operation, args }: ChangeSelection): string {
  const { node, normal } = operation;
  const { coerced = {} } = getVariableValues(args.schema, node.variableDefinitions ?? [], args.variableValues ?? {});
  const used = normal.variables.map((name) => (name in coerced ? { value: coerced[name] } : {}));
  return `${canonicalize(used)}\n${normal.text}`;
}
