import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { pointsOf } from '../../allowance/points.rules.ts';
import { UnpaidJobs } from '../../allowance/unpaid-jobs.ts';
import type { Entry } from '../../journal/entry.ts';
import { type Journal, PAGE, pageAfter } from '../../journal/journal.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Audience } from './audience.ts';
import { Chunk } from './chunk.ts';
import type { Follower } from './follower.ts';
import type { Frames } from './frames.ts';
import type { Renderer } from './renderer.ts';
import { type Pace, RoundRobin } from './round-robin.ts';

/** How long a follower that needs the table waits for the database to come back, before it tries again. */
const RETRY_MS = 1_000;
/** Selections that few share are rendered beside everything else, in a seventh of the time: what collects their garbage works beside. */
const LEFT_OVER_PACE: Pace = { sliceMs: 2, restTimes: 6 };
/**
 * How much is rendered for one step, but for the change that goes beyond: some 4 ms. A follower that had more than that
 * rendered for it alone shares its selection with few, or is the first of many: the next one of them goes on rendering then,
 * and it finds that kept.
 */
const STEP_POINTS = 4_000;
/** Of a step that takes nothing but what is kept. */
const NO_POINTS = 0;
/** A page that is read of the table waits for PostgreSQL. */
const PAGE_POINTS = pointsOf({ nodes: 0, bytes: 0, waits: 1 });
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

/**
 * Sends followers that are behind what they missed, a chunk at a time and each in its turn, until they stand at the head.
 * Renderings that are kept cost nobody anything. The first follower that comes to a change has it rendered, and its client
 * pays: it waits while that has nothing left, and followers who had much rendered already wait for their turn in another line.
 */
export class CatchUp {
  readonly #journal: Journal<PublicDocument>;
  readonly #renderer: Renderer;
  readonly #after: AfterStep;
  readonly #ended = new AbortController();
  readonly #line = new RoundRobin<Follower>((follower) => this.#advance(follower));
  readonly #leftOver = new RoundRobin<Follower>((follower) => this.#advanceAlone(follower), LEFT_OVER_PACE);
  readonly #unpaid = new UnpaidJobs<Follower>((follower) => this.add(follower));
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

  /** Puts a follower into line. */
  add(follower: Follower): void {
    this.#line.add(follower);
  }

  delete(follower: Follower): void {
    this.#line.delete(follower);
    this.#leftOver.delete(follower);
    this.#unpaid.delete(follower);
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
    this.#unpaid.close();
  }

  #advance(follower: Follower): void {
    this.#unlessFull(follower, () => {
      const known = this.#knownStep(follower);
      if (known) return this.#send(follower, known);
      const isUnpaid = this.#isUnpaid(follower);
      if (!isUnpaid && !follower.isLeftOver) return this.#workOut(follower);
      if (this.#sendKept(follower)) return;
      if (isUnpaid) this.#unpaid.add(follower);
      else this.#leftOver.add(follower);
    });
  }

  /** The turn of a follower for which something has to be rendered or read, and that had much already. */
  #advanceAlone(follower: Follower): void {
    this.#unlessFull(follower, () => {
      if (this.#isUnpaid(follower)) this.#unpaid.add(follower);
      else this.#workOut(follower);
    });
  }

  #unlessFull(follower: Follower, advance: () => void): void {
    if (follower.outlet.isFull) {
      this.#after.whenFull(follower);
      return;
    }
    try {
      advance();
    } catch (error) {
      this.#after.onFault(follower, error);
    }
  }

  /** Whether nothing is worked out for a follower now, since its client has nothing left to pay with. */
  #isUnpaid({ isPaying, page, outlet }: Follower): boolean {
    // A page that was read for it is not held meanwhile.
    return isPaying && !page && outlet.payer?.isSpent === true;
  }

  /** Sends a follower what costs nobody anything: what is kept, and that it stands at the head. Answers whether there was any. */
  #sendKept(follower: Follower): boolean {
    const { position } = follower;
    const { tail, pages } = this.#journal;
    const entries = this.#entriesAfter(follower);
    if (!entries) {
      if (!pages.isAtHand(position, tail.head)) return false;
      void this.#readTable(follower);
      return true;
    }
    const step = this.#makeStep(follower, entries, NO_POINTS);
    if (step.end === position && position !== tail.head.position) return false;
    this.#send(follower, step);
    return true;
  }

  /** Sends the next step, whatever it costs, once its entries are at hand. */
  #workOut(follower: Follower): void {
    const entries = this.#entriesAfter(follower);
    if (entries) this.#send(follower, this.#makeStep(follower, entries, STEP_POINTS));
    else void this.#readTable(follower);
  }

  #entriesAfter({ position, page }: Follower): readonly Entry<PublicDocument>[] | undefined {
    return this.#journal.tail.inMemory(position, PAGE) ?? page;
  }

  #send(follower: Follower, { frames, end }: Step): void {
    const { outlet } = follower;
    const last = frames?.changes.at(-1);
    if (frames && last) {
      outlet.send(frames);
      follower.lastCursor = last.position;
    }
    follower.position = end;
    follower.page = undefined;
    if (outlet.isFull) this.#after.whenFull(follower);
    else if (end === this.#journal.tail.head.position) this.#after.atHead(follower);
    else this.add(follower);
  }

  /** The step behind a follower's position, if it was made for another one and still holds. */
  #knownStep({ audience, position }: Follower): Step | undefined {
    const known = this.#steps.get(stepKey(audience, position));
    const isWhole = known && (known.end < known.head || known.head === this.#journal.tail.head.position);
    return isWhole && this.#isCurrent(known) ? known : undefined;
  }

  #isCurrent(step: Step): boolean {
    const { boardVersion } = this.#renderer;
    if (step.checked !== boardVersion && !step.newest.every((entry) => this.#renderer.isNewest(entry))) return false;
    step.checked = boardVersion;
    return true;
  }

  /** A step for whose changes at most so many points are spent, but for the last one that is rendered. */
  #makeStep(follower: Follower, entries: readonly Entry<PublicDocument>[], mostPoints: number): Step {
    const { audience, position } = follower;
    const { rendering } = audience;
    const chunk = new Chunk();
    const newest: Entry<PublicDocument>[] = [];
    const before = this.#renderer.points;
    let end = position;
    for (const entry of entries) {
      const change = audience.matchedChange(entry);
      if (change) {
        const mayRender = this.#renderer.points < before + mostPoints;
        const rendered = mayRender ? this.#renderer.change(rendering, change) : this.#renderer.kept(rendering, change);
        if (!rendered || !chunk.add(rendered)) break;
        if (this.#renderer.isNewest(entry)) newest.push(entry);
      }
      end = entry.position;
    }
    this.#charge(follower, this.#renderer.points - before);
    const { boardVersion: checked } = this.#renderer;
    const step = { frames: chunk.frames, end, head: this.#journal.tail.head.position, newest, checked };
    // A volatile selection may answer something else the next time: the renderer is asked each time.
    if (end > position && !rendering.volatile) this.#steps.set(stepKey(audience, position), step);
    return step;
  }

  /** Has a follower pay for what was worked out for it alone; once that was much, it goes on at the pace of those. */
  #charge(follower: Follower, points: number): void {
    follower.pay(points);
    if (follower.ownPoints > STEP_POINTS) follower.isLeftOver = true;
  }

  /** Reads entries that are no longer in memory, for the follower's next turn. */
  async #readTable(follower: Follower): Promise<void> {
    try {
      const { pages, tail } = this.#journal;
      if (!pages.isAtHand(follower.position, tail.head)) this.#charge(follower, PAGE_POINTS);
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

const stepKey = ({ key }: Audience<Follower>, position: number): string => `${key}@${position}`;
