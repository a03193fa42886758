import { HubError, type PassedLimit } from '../../errors.ts';

/** The most that one execution may resolve and answer. */
export interface BudgetSize {
  /** Fields that are resolved, each by its weight, and items of lists, each by that of its type. */
  readonly nodes: number;
  /** Bytes of the answer, roughly: JSON's own signs and escapes are not counted one by one. */
  readonly bytes: number;
}

/**
 * Sizes are counts and never a time, so that a machine under load refuses nothing that another one answers. Anonymous: with
 * 1 µs a node and 20 ns a byte (JSON, compression) one execution stays below 50 ms of CPU (docs/performance.md).
 */
export const BUDGETS = {
  public: { nodes: 20_000, bytes: 1_500_000 },
  staff: { nodes: 400_000, bytes: 8_000_000 },
  /** One change, for everybody who selects the same of it. */
  change: { nodes: 10_000, bytes: 500_000 },
} as const satisfies Record<string, BudgetSize>;

/**
 * Ends an execution at once. graphql-js makes of an error a null and goes on, at a cost for each field that is left. Where
 * it looks whether an error has a path already, this one is thrown again, and so leaves every level up to `execute`.
 */
class BudgetSpent extends HubError {
  constructor(limit: PassedLimit) {
    const what = limit.name === 'nodes' ? 'fields and items of lists' : 'bytes';
    super('BAD_REQUEST', `an answer may have at most ${limit.most} ${what}`, { limit });
  }

  get path(): never {
    throw this;
  }
}

/** Counts how much one execution has resolved until now, up to the most that it may. */
export class Budget {
  readonly #most: BudgetSize;
  #nodes = 0;
  #bytes = 0;
  #waits = 0;
  #spent: BudgetSpent | undefined;
  #onSpent: (() => void) | undefined;

  constructor(most: BudgetSize) {
    this.#most = most;
  }

  get nodes(): number {
    return this.#nodes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How often a field waited, as a rule for PostgreSQL. */
  get waits(): number {
    return this.#waits;
  }

  /** Why nothing more is resolved; undefined while something is left. */
  get spent(): HubError | undefined {
    return this.#spent;
  }

  /** Resolves when nothing is left; never, if something always is. */
  whenSpent(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#spent) resolve();
      else this.#onSpent = resolve;
    });
  }

  /** Counts a field that waits. */
  wait(): void {
    this.#waits += 1;
  }

  /** Counts a field before it is resolved. Throws once too much was resolved. */
  enter(key: string, weight: number): void {
    this.add(weight, key.length + AROUND_KEY);
  }

  /** Counts what a field was resolved to, which costs so much `each`. Throws if that is too much. */
  take(value: unknown, each: number): void {
    if (Array.isArray(value)) this.add(value.length * each, bytesOfItems(value));
    else this.add(value === null || value === undefined ? 0 : each, bytesOf(value));
  }

  /** Counts what was resolved in another way. Throws once too much was. */
  add(nodes: number, bytes: number): void {
    if (this.#spent) throw this.#spent;
    this.#nodes += nodes;
    this.#bytes += bytes;
    if (this.#nodes > this.#most.nodes) throw this.#end('nodes', this.#nodes);
    if (this.#bytes > this.#most.bytes) throw this.#end('bytes', this.#bytes);
  }

  #end(name: keyof BudgetSize, weight: number): BudgetSpent {
    this.#spent = new BudgetSpent({ name, weight, most: this.#most[name] });
    this.#onSpent?.();
    return this.#spent;
  }
}

/** `"":,` */
const AROUND_KEY = 4;
/** `{},`, or `[],` */
const BRACKETS = 3;
/** A number, `true`, `null`. */
const SHORT = 5;
/** Below that, counting bytes costs more than it tells. */
const SHORT_TEXT = 24;

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return (value.length < SHORT_TEXT ? value.length : Buffer.byteLength(value)) + 2;
  return typeof value === 'object' && value !== null ? BRACKETS : SHORT;
}

function bytesOfItems(items: readonly unknown[]): number {
  const [first] = items;
  // Lists hold things of one kind; of objects, each is counted by its fields.
  if (typeof first === 'object' && !Array.isArray(first)) return items.length * BRACKETS + BRACKETS;
  let sum = BRACKETS;
  for (const item of items) sum += Array.isArray(item) ? bytesOfItems(item) : bytesOf(item) + 1;
  return sum;
}

const known = new WeakMap<object, number>();

/** The bytes of a value that is written whole, such as a geometry: they are counted once for each object. */
export function bytesOfJson(value: object): number {
  const found = known.get(value);
  if (found !== undefined) return found;
  const bytes = JSON.stringify(value)?.length ?? 0;
  known.set(value, bytes);
  return bytes;
}
