import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { resyncRequired } from '../../journal/cursor.rules.ts';
import type { Entry } from '../../journal/entry.ts';
import { type Journal, pageAfter, RESTORED } from '../../journal/follow.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { Audience, Audiences, audienceKey } from './audience.ts';
import type { ChangeStream } from './change-stream.ts';
import { Follower, type Outlet } from './follower.ts';
import { Frames, type Rendered } from './frames.ts';
import type { Renderer, Selection } from './rendering.ts';
import { Turns } from './turns.ts';

/** The most JSON written at one go, unless one change alone is larger: what a reader who stops may cost. */
const CHUNK_BYTES = 32 * 1024;
/** How often a follower that hears no change gets a checkpoint (D-8). */
const CHECKPOINT_MS = 30_000;
/** How long a reader may take nothing before its connection is closed (D-4). */
export const PATIENCE_MS = 20_000;
/** How long a follower that needs the table waits for the database to come back, before it tries again. */
const RETRY_MS = 1_000;
const KEPT_STEP_BYTES = 32 * 1024 * 1024;
/** What a step weighs beside its JSON, which it may hold three times: as rendered, for WebSockets, for event streams. */
const COPIES = 3;
const OVERHEAD_BYTES = 500;

/** The next that an audience is told behind a position: no more than a chunk. */
interface Step {
  /** None, where nothing on the way was for it. */
  frames: Frames | undefined;
  /** The position that is reached with it. */
  end: number;
  /** Where the tail stood when it was made. A step that ends there would be longer when more has come. */
  head: number;
}

/**
 * All who follow the changes of this process. Each change is matched to audiences by an index, executed and serialised
 * once for all who selected the same of it, and then costs one write for each follower (follower.ts has the phases).
 */
export class Followers {
  readonly #journal: Journal<PublicDocument>;
  readonly #renderer: Renderer;
  readonly #audiences = new Audiences();
  readonly #behind = new Set<Follower>();
  readonly #ended = new AbortController();
  readonly #checkpoints: NodeJS.Timeout;
  readonly #onError: (error: unknown) => void;
  readonly #turns = new Turns<Follower>((follower) => this.#advance(follower));
  // Thousands come back at once from nearly the same position: what the first was told, the others are.
  readonly #steps = new LRUCache<string, Step>({
    maxSize: KEPT_STEP_BYTES,
    sizeCalculation: ({ frames }) => COPIES * (frames?.size ?? 0) + OVERHEAD_BYTES,
  });

  constructor(journal: Journal<PublicDocument>, renderer: Renderer, onError: (error: unknown) => void) {
    this.#journal = journal;
    this.#renderer = renderer;
    this.#onError = onError;
    journal.tail.listen((batch) => this.#deliver(batch));
    this.#checkpoints = setInterval(() => this.#checkpoint(), CHECKPOINT_MS);
  }

  /** Lets somebody follow a stream that was opened; the function returned takes them out again. */
  join(stream: ChangeStream, selection: Selection, outlet: Outlet): () => void {
    if (stream.epoch !== this.#journal.tail.head.epoch) {
      outlet.fail(resyncRequired(this.#journal.tail.head, RESTORED));
      return () => undefined;
    }
    const follower = new Follower(this.#audienceOf(stream, selection), outlet, stream.from);
    follower.audience.size += 1;
    this.#behind.add(follower);
    this.#turns.add(follower);
    return () => this.#leave(follower);
  }

  /** Ends everybody's stream: their cursors cannot be continued, since the journal was restored from a backup. */
  resync(): void {
    const error = resyncRequired(this.#journal.tail.head, RESTORED);
    const all = [...this.#audiences].flatMap(({ live }) => [...live]);
    for (const follower of [...all, ...this.#behind]) {
      this.#leave(follower);
      follower.outlet.fail(error);
    }
    this.#steps.clear();
  }

  close(): void {
    clearInterval(this.#checkpoints);
    this.#ended.abort();
  }

  #audienceOf({ match }: ChangeStream, selection: Selection): Audience {
    const rendering = this.#renderer.of(selection);
    const found = this.#audiences.get(audienceKey(rendering, match));
    if (found) return found;
    const made = new Audience(rendering, match);
    rendering.users += 1;
    this.#audiences.add(made);
    return made;
  }

  #leave(follower: Follower): void {
    if (follower.gone) return;
    follower.gone = true;
    const { audience } = follower;
    audience.live.delete(follower);
    this.#behind.delete(follower);
    this.#turns.delete(follower);
    audience.size -= 1;
    if (audience.size > 0) return;
    this.#audiences.delete(audience);
    audience.rendering.users -= 1;
    if (audience.rendering.users === 0) this.#renderer.forget(audience.rendering);
  }

  /** One batch of the tail, in the turn in which it is handed out. */
  #deliver(batch: readonly Entry<PublicDocument>[]): void {
    const wanted = new Map<Audience, Entry<PublicDocument>[]>();
    for (const entry of batch)
      for (const audience of this.#audiences.of(entry.document)) {
        const entries = wanted.get(audience);
        if (entries) entries.push(entry);
        else wanted.set(audience, [entry]);
      }
    const drawn = new Map<string, Frames[]>();
    for (const [audience, entries] of wanted) {
      if (audience.live.size === 0) continue;
      for (const frames of this.#drawOnce(drawn, audience, entries)) this.#tell(audience, frames);
    }
  }

  /** Audiences of different filters that select the same are told the same frames. */
  #drawOnce(drawn: Map<string, Frames[]>, audience: Audience, entries: readonly Entry<PublicDocument>[]): Frames[] {
    const key = `${audience.rendering.number}:${entries.map(({ position }) => position)}`;
    let frames = drawn.get(key);
    if (!frames) {
      frames = inChunks(entries.map((entry) => this.#renderer.change(audience.rendering, entry)));
      drawn.set(key, frames);
    }
    return frames;
  }

  #tell(audience: Audience, frames: Frames): void {
    const [first] = frames.changes;
    const last = frames.changes.at(-1);
    if (!first || !last) return;
    audience.told = last.position;
    for (const follower of audience.live) {
      // Another subscription on the same connection may have filled it.
      if (follower.outlet.isFull) this.#demote(follower, first.position - 1, -1);
      else {
        follower.outlet.send(frames);
        if (follower.outlet.isFull) this.#demote(follower, last.position, last.position);
      }
    }
  }

  /** Back to phase 1, with nothing queued: it was told everything up to a position, and its connection is full. */
  #demote(follower: Follower, position: number, told: number): void {
    follower.position = position;
    follower.told = told;
    follower.audience.live.delete(follower);
    this.#behind.add(follower);
    this.#wait(follower);
  }

  /** Moves the cursor of those for whom nothing came for a while: a resume never scans far. */
  #checkpoint(): void {
    const { position } = this.#journal.tail.head;
    for (const audience of this.#audiences)
      if (audience.told < position && audience.live.size > 0)
        this.#tell(audience, new Frames([this.#renderer.checkpoint(audience.rendering, position)]));
  }

  /** Phase 1: tells somebody who is behind the next chunk, if there is room for it. */
  #advance(follower: Follower): void {
    if (follower.outlet.isFull) {
      this.#wait(follower);
      return;
    }
    try {
      const step = this.#nextStep(follower);
      if (step) this.#take(follower, step);
      else void this.#readOn(follower);
    } catch (error) {
      this.#giveUp(follower, error);
    }
  }

  /** Where memory does not reach back that far: reads the table, for the next turn. */
  async #readOn(follower: Follower): Promise<void> {
    try {
      follower.page = await this.#entriesOfTable(follower.position);
      if (!follower.gone) this.#turns.add(follower);
    } catch (error) {
      this.#giveUp(follower, error);
    }
  }

  /** Writes a step, and sees how to go on: at the head, when the connection has room again, or at its next turn. */
  #take(follower: Follower, { frames, end }: Step): void {
    const { outlet } = follower;
    const last = frames?.changes.at(-1);
    if (frames && last) {
      outlet.send(frames);
      follower.told = last.position;
    }
    follower.position = end;
    if (outlet.isFull) this.#wait(follower);
    else if (follower.position === this.#journal.tail.head.position) this.#cutOver(follower);
    else this.#turns.add(follower);
  }

  /** Phase 2: joins the audience, in the turn in which it was seen to stand at the head. */
  #cutOver(follower: Follower): void {
    const { audience, outlet, position } = follower;
    this.#behind.delete(follower);
    // Whoever joins others does not change when those were told anything last.
    if (audience.live.size === 0) audience.told = position;
    audience.live.add(follower);
    // Whoever was told nothing, or nothing for long, could not come back from here.
    if (follower.told !== -1 && position - follower.told < PAGE) return;
    outlet.send(new Frames([this.#renderer.checkpoint(audience.rendering, position)]));
    if (outlet.isFull) this.#demote(follower, position, position);
  }

  #giveUp(follower: Follower, error: unknown): void {
    if (follower.gone || this.#ended.signal.aborted) return;
    this.#onError(error);
    this.#leave(follower);
    follower.outlet.drop();
  }

  /** What comes after a follower's position, where it is in memory, or was read. */
  #nextStep(follower: Follower): Step | undefined {
    const { tail } = this.#journal;
    const { audience, position, page } = follower;
    follower.page = undefined;
    const key = `${audience.key}@${position}`;
    const known = this.#steps.get(key);
    if (known && (known.end < known.head || known.head === tail.head.position)) return known;
    const entries = tail.inMemory(position, PAGE) ?? page;
    if (!entries) return undefined;
    const step = this.#step(follower, entries);
    // What a volatile selection tells is asked of the renderer each time.
    if (entries.length > 0 && !audience.rendering.volatile) this.#steps.set(key, step);
    return step;
  }

  async #entriesOfTable(position: number): Promise<readonly Entry<PublicDocument>[]> {
    for (;;) {
      try {
        return await pageAfter(this.#journal, position, PAGE);
      } catch (error) {
        if (this.#journal.tail.available) throw error;
        // While the database is away, whoever needs it waits.
        await wait(RETRY_MS * (0.5 + Math.random()), undefined, { signal: this.#ended.signal });
      }
    }
  }

  /** The changes among some entries that an audience is told at one go. */
  #step({ audience, position }: Follower, entries: readonly Entry<PublicDocument>[]): Step {
    const told: Rendered[] = [];
    let size = 0;
    let end = position;
    for (const entry of entries) {
      if (audience.wants(entry.document)) {
        const change = this.#renderer.change(audience.rendering, entry);
        if (told.length > 0 && size + change.json.length > CHUNK_BYTES) break;
        told.push(change);
        size += change.json.length;
      }
      end = entry.position;
    }
    return { frames: told.length > 0 ? new Frames(told) : undefined, end, head: this.#journal.tail.head.position };
  }

  /** Goes on when a follower's connection has taken what waits; drops the follower where it does not. */
  #wait(follower: Follower): void {
    const patience = setTimeout(() => {
      if (follower.gone) return;
      this.#leave(follower);
      follower.outlet.drop();
    }, PATIENCE_MS);
    patience.unref();
    follower.outlet.whenDrained(() => {
      clearTimeout(patience);
      if (!follower.gone) this.#turns.add(follower);
    });
  }
}

const PAGE = 500;

/** Frames of at most a chunk of JSON each; a change that is larger goes alone. */
function inChunks(changes: readonly Rendered[]): Frames[] {
  const chunks: Frames[] = [];
  let chunk: Rendered[] = [];
  let size = 0;
  for (const change of changes) {
    if (chunk.length > 0 && size + change.json.length > CHUNK_BYTES) {
      chunks.push(new Frames(chunk));
      chunk = [];
      size = 0;
    }
    chunk.push(change);
    size += change.json.length;
  }
  if (chunk.length > 0) chunks.push(new Frames(chunk));
  return chunks;
}
