import type { ExecutionArgs, ExecutionResult, GraphQLFormattedError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { pointsOf } from '../../allowance/points.rules.ts';
import { type Board, turnsOf } from '../../board/board.ts';
import type { MatchedChange } from '../../board/filter/change-filter.rules.ts';
import type { Clock } from '../../clock.ts';
import { BUDGETS, Budget } from '../../graphql/cost/budget.ts';
import { executeWithin } from '../../graphql/cost/execution.ts';
import { type ErrorFormat, formatAll } from '../../graphql/error-format.ts';
import type { Entry } from '../../journal/entry.ts';
import type { PublicDocument, PublicView } from '../../publications/document.ts';
import { changeOf, checkpointAt } from './change.rules.ts';
import type { Change } from './change.types.ts';
import type { RenderedChange } from './frames.ts';
import { type ChangeSelection, Rendering, selectionKey } from './rendering.ts';

export interface RendererOptions {
  board: Board;
  clock: Clock;
  cursorOf(position: number): string;
  format: ErrorFormat;
  /** The context of an anonymous client: all get the same, so nobody's own rights may show in it. */
  context(): object;
}

/** Bytes of rendered changes kept, over all selections. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** What one change takes beside its JSON. */
const OVERHEAD_BYTES = 200;

interface Kept {
  rendered: RenderedChange;
  /** If the selection is volatile: the version of the board that it shows, and until when (milliseconds) it holds. */
  version: number;
  until: number;
}

/** Renders each change once for all who select the same of it. */
export class Renderer {
  readonly #options: RendererOptions;
  readonly #renderings = new Map<string, Rendering>();
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ rendered }) => rendered.json.length + OVERHEAD_BYTES,
  });
  #last = 0;
  #executions = 0;
  #nodes = 0;
  #points = 0;

  constructor(options: RendererOptions) {
    this.#options = options;
  }

  /** How many changes were executed until now, over all selections. */
  get executions(): number {
    return this.#executions;
  }

  /** How many nodes were resolved until now, over all selections: what rendering costs. */
  get nodes(): number {
    return this.#nodes;
  }

  /** The same in points: bytes count as well, and a rendering that is found kept costs none. */
  get points(): number {
    return this.#points;
  }

  /** The rendering of a selection: the same one for the same document and the same variables below the root. */
  renderingFor(selection: ChangeSelection): Rendering {
    const key = selectionKey(selection);
    let found = this.#renderings.get(key);
    if (!found) {
      this.#last += 1;
      found = new Rendering(key, this.#last, selection);
      this.#renderings.set(key, found);
    }
    return found;
  }

  /** Forgets a rendering that no audience uses any more. */
  forget({ key }: Rendering): void {
    this.#renderings.delete(key);
  }

  /**
   * A change as all get it who share a rendering, and whose filters it matches, and rings for, in the same way. It is rendered a second time
   * for those who catch up once another change has followed in its thread: its publication has another id then.
   */
  change(rendering: Rendering, change: MatchedChange): RenderedChange {
    const { entry } = change;
    const { board, clock } = this.#options;
    const view = board.viewOf(entry);
    const key = keyOf(rendering, change, view);
    const kept = this.#keptAt(key, rendering);
    if (kept) return kept;
    const now = clock.now().getTime();
    const rendered = this.#render(rendering, entry.position, (cursor) => changeOf(cursor, change, () => view));
    const until = rendering.volatile ? this.#holdsUntil(entry, now) : Number.POSITIVE_INFINITY;
    this.#kept.set(key, { rendered, version: board.version, until });
    return rendered;
  }

  /** The same, where it was rendered before and still holds. */
  kept(rendering: Rendering, change: MatchedChange): RenderedChange | undefined {
    return this.#keptAt(keyOf(rendering, change, this.#options.board.viewOf(change.entry)), rendering);
  }

  #keptAt(key: string, { volatile }: Rendering): RenderedChange | undefined {
    const { board, clock } = this.#options;
    const kept = this.#kept.get(key);
    if (!kept || !volatile) return kept?.rendered;
    return kept.version === board.version && clock.now().getTime() < kept.until ? kept.rendered : undefined;
  }

  /** The number of what the board shows; as long as it is the same, no rendering is outdated by another change. */
  get boardVersion(): number {
    return this.#options.board.version;
  }

  /** Whether no other change has followed in the thread of an entry. */
  isNewest(entry: Entry<PublicDocument>): boolean {
    return this.#options.board.isNewest(entry);
  }

  /** A CHECKPOINT at a position: the same one for all who join within a second. */
  checkpoint(rendering: Rendering, position: number): RenderedChange {
    const now = this.#options.clock.now();
    const second = Math.floor(now.getTime() / 1000);
    const { checkpoint } = rendering;
    if (checkpoint?.second === second && checkpoint.rendered.position === position) return checkpoint.rendered;
    const rendered = this.#render(rendering, position, (cursor) => checkpointAt(cursor, position, now));
    rendering.checkpoint = { second, rendered };
    return rendered;
  }

  /** When time alone may change the rendering of a volatile selection; the document itself may have left the board. */
  #holdsUntil({ document }: Entry<PublicDocument>, now: number): number {
    return Math.min(this.#options.board.horizon(), ...turnsOf(document).filter((turn) => turn > now));
  }

  #render({ args }: Rendering, position: number, changeAt: (cursor: string) => Change): RenderedChange {
    const { cursorOf, context } = this.#options;
    const cursor = cursorOf(position);
    this.#executions += 1;
    const budget = new Budget(BUDGETS.change);
    const result = this.#execute({ ...args, contextValue: { ...context(), budget }, rootValue: changeAt(cursor) });
    this.#nodes += budget.nodes;
    this.#points += pointsOf(budget);
    return { position, cursor, json: Buffer.from(JSON.stringify(result)) };
  }

  #execute(args: ExecutionArgs): ExecutionResult | { errors: GraphQLFormattedError[] } {
    const { format } = this.#options;
    try {
      const result = executeWithin(args);
      // A promise would let a later change overtake this one.
      if (result instanceof Promise) throw new Error('what is public has to be resolved at once, without a promise');
      const { errors } = result;
      return errors ? { ...result, errors: formatAll(errors, format) } : result;
    } catch (error) {
      return { errors: [format({ message: '' }, error)] };
    }
  }
}

const keyOf = ({ number }: Rendering, { entry, match, ring }: MatchedChange, { suffix }: PublicView): string =>
  `${number}:${entry.position}:${match}${ring}${suffix}`;
