import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Entry } from '../../journal/entry.ts';
import { type Journal, PAGE, pageAfter } from '../../journal/journal.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { Chunk } from './chunk.ts';
import type { Follower } from './follower.ts';
import type { Frames } from './frames.ts';
import type { Renderer } from './renderer.ts';
import { type Pace, RoundRobin } from './round-robin.ts';

/** How long a follower that needs the table waits for the database to come back, before it tries again. */
const RETRY_MS = 1_000;
/** Selections that few share are rendered beside everything else, in a fifth of the time. */
const LEFT_OVER_PACE: Pace = { sliceMs: 2, restTimes: 4 };
const KEPT_STEP_BYTES = 32 * 1024 * 1024;
/** What a step weighs beside its JSON, which it may hold three times: as rendered, for WebSockets, for event streams. */
const COPIES = 3;
const OVERHEAD_BYTES = 500;

/** What an audience is sent behind a position: no more than a chunk. */
interface Step {
  /** Undefined if no entry on the way matches. */
  frames: Frames | undefined;
  /** The position that is reached with it. */
  end: number;
  /** Where the tail stood when it was made. A step that ends there would be longer once the tail moved on. */
  head: number;
  /** The entries that it shows as what is public now: outdated once another one follows in one of their threads. */
  newest: readonly Entry<PublicDocument>[];
  /** The version of the board for which that was checked last. */
  checked: number;
}

/** What happens to a follower next, once it was sent a step. */
export interface AfterStep {
  atHead(follower: Follower): void;
  whenFull(follower: Follower): void;
  onFault(follower: Follower, error: unknown): void;
}

/** Sends followers that are behind what they missed, a chunk at a time and each in its turn, until they stand at the head. */
export class CatchUp {
  readonly #journal: Journal<PublicDocument>;
  readonly #renderer: Renderer;
  readonly #after: AfterStep;
  readonly #ended = new AbortController();
  readonly #line = new RoundRobin<Follower>((follower) => this.#advance(follower));
  readonly #leftOver = new RoundRobin<Follower>((follower) => this.#advance(follower), LEFT_OVER_PACE);
  // Thousands come back at once from nearly the same position: each gets the step that was made for the first.
  readonly #steps = new LRUCache<string, Step>({
    maxSize: KEPT_STEP_BYTES,
    sizeCalculation: ({ frames }) => COPIES * (frames?.size ?? 0) + OVERHEAD_BYTES,
  });

  constructor(journal: Journal<PublicDocument>, renderer: Renderer, after: AfterStep) {
    this.#journal = journal;
    this.#renderer = renderer;
    this.#after = after;
  }

  add(follower: Follower): void {
    (follower.isLeftOver ? this.#leftOver : this.#line).add(follower);
  }

  delete(follower: Follower): void {
    this.#line.delete(follower);
    this.#leftOver.delete(follower);
  }

  /** Forgets the steps of a journal that was restored from a backup. */
  forget(): void {
    this.#steps.clear();
  }

  get closed(): boolean {
    return this.#ended.signal.aborted;
  }

  close(): void {
    this.#ended.abort();
  }

  #advance(follower: Follower): void {
    if (follower.outlet.isFull) {
      this.#after.whenFull(follower);
      return;
    }
    try {
      const step = this.#nextStep(follower);
      if (step) this.#send(follower, step);
      else void this.#readTable(follower);
    } catch (error) {
      this.#after.onFault(follower, error);
    }
  }

  #send(follower: Follower, { frames, end }: Step): void {
    const { outlet } = follower;
    const last = frames?.changes.at(-1);
    if (frames && last) {
      outlet.send(frames);
      follower.lastCursor = last.position;
    }
    follower.position = end;
    if (outlet.isFull) this.#after.whenFull(follower);
    else if (end === this.#journal.tail.head.position) this.#after.atHead(follower);
    else this.add(follower);
  }

  /** The step behind a follower's position; undefined if its entries are not in memory and were not read yet. */
  #nextStep(follower: Follower): Step | undefined {
    const { tail } = this.#journal;
    const { audience, position, page } = follower;
    follower.page = undefined;
    const key = `${audience.key}@${position}`;
    const known = this.#steps.get(key);
    if (known && (known.end < known.head || known.head === tail.head.position) && this.#isCurrent(known)) return known;
    const entries = tail.inMemory(position, PAGE) ?? page;
    if (!entries) return undefined;
    const step = this.#makeStep(follower, entries);
    // A volatile selection may answer something else the next time: the renderer is asked each time.
    if (entries.length > 0 && !audience.rendering.volatile) this.#steps.set(key, step);
    return step;
  }

  #isCurrent(step: Step): boolean {
    const { boardVersion } = this.#renderer;
    if (step.checked !== boardVersion && !step.newest.every((entry) => this.#renderer.isNewest(entry))) return false;
    step.checked = boardVersion;
    return true;
  }

  #makeStep({ audience, position }: Follower, entries: readonly Entry<PublicDocument>[]): Step {
    const chunk = new Chunk();
    const newest: Entry<PublicDocument>[] = [];
    let end = position;
    for (const entry of entries) {
      const change = audience.matchedChange(entry);
      if (change && !chunk.add(this.#renderer.change(audience.rendering, change))) break;
      if (change && this.#renderer.isNewest(entry)) newest.push(entry);
      end = entry.position;
    }
    const { boardVersion: checked } = this.#renderer;
    return { frames: chunk.frames, end, head: this.#journal.tail.head.position, newest, checked };
  }

  /** Reads entries that are no longer in memory, for the follower's next turn. */
  async #readTable(follower: Follower): Promise<void> {
    try {
      follower.page = await this.#pageAfter(follower.position);
      if (follower.phase !== 'GONE') this.add(follower);
    } catch (error) {
      this.#after.onFault(follower, error);
    }
  }

  async #pageAfter(position: number): Promise<readonly Entry<PublicDocument>[]> {
    for (;;) {
      try {
        return await pageAfter(this.#journal, position);
      } catch (error) {
        if (this.#journal.tail.available) throw error;
        // The database is away: a follower that needs the table waits until it is back.
        await wait(RETRY_MS * (0.5 + Math.random()), undefined, { signal: this.#ended.signal });
      }
    }
  }
}
