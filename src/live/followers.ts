import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { resyncRequired } from '../journal/cursor.rules.ts';
import type { Entry } from '../journal/entry.ts';
import { type Journal, pageAfter, RESTORED } from '../journal/follow.ts';
import type { PublicDocument } from '../publications/document.ts';
import { Audience, Audiences, audienceKey } from './audience.ts';
import type { ChangeStream } from './change-stream.ts';
import { Follower, type Outlet } from './follower.ts';
import { Frames, type Rendered } from './frames.ts';
import type { Renderer, Selection } from './rendering.ts';

/** The most JSON written at one go, so that a reader who stops holds no more than that and a bit. */
const CHUNK_BYTES = 64 * 1024;
const CHECKPOINT_MS = 30_000;
/** How long a reader may not read before it is dropped. */
const PATIENCE_MS = 20_000;
/** How long a follower that needs the table waits for the database to come back, before it tries again. */
const RETRY_MS = 1_000;
const KEPT_PAGE_BYTES = 32 * 1024 * 1024;

/** A stretch of the journal as an audience is told it: frames, and where they end. */
interface Stretch {
  chunks: Frames[];
  /** The position that is reached with it. */
  end: number;
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
  // Thousands come back at once from nearly the same position: what the first was told, the others are.
  readonly #stretches = new LRUCache<string, Stretch>({
    maxSize: KEPT_PAGE_BYTES,
    sizeCalculation: ({ chunks }) => chunks.reduce((sum, { size }) => sum + size, 200),
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
    void this.#catchUp(follower);
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
    this.#stretches.clear();
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
    const last = frames.changes.at(-1)?.position ?? audience.told;
    audience.told = last;
    for (const follower of audience.live) if (!follower.outlet.send(frames)) this.#demote(follower, last);
  }

  /** Back to phase 1, with nothing queued: it was told everything up to a position, and its connection is full. */
  #demote(follower: Follower, position: number): void {
    follower.position = position;
    follower.told = position;
    follower.audience.live.delete(follower);
    void this.#catchUp(follower, true);
  }

  /** Moves the cursor of those for whom nothing came for a while: a resume never scans far. */
  #checkpoint(): void {
    const { position } = this.#journal.tail.head;
    for (const audience of this.#audiences)
      if (audience.told < position && audience.live.size > 0)
        this.#tell(audience, new Frames([this.#renderer.checkpoint(audience.rendering, position)]));
  }

  /** Phases 1 and 2. `full`: its connection still has to take what it was written. */
  async #catchUp(follower: Follower, full = false): Promise<void> {
    this.#behind.add(follower);
    try {
      if (full && !(await this.#drained(follower))) return;
      while (!follower.gone) {
        const stretch = this.#stretchAfter(follower) ?? (await this.#stretchOfTable(follower));
        for (const frames of stretch.chunks) if (!(await this.#write(follower, frames))) return;
        follower.position = Math.max(follower.position, stretch.end);
        if (!follower.gone && follower.position === this.#journal.tail.head.position) return this.#cutOver(follower);
      }
    } catch (error) {
      if (follower.gone || this.#ended.signal.aborted) return;
      this.#onError(error);
      this.#leave(follower);
      follower.outlet.drop();
    }
  }

  /** Writes to somebody who is behind; false where there is no use in going on. */
  #write(follower: Follower, frames: Frames): boolean | Promise<boolean> {
    if (follower.gone) return false;
    const room = follower.outlet.send(frames);
    follower.position = frames.changes.at(-1)?.position ?? follower.position;
    follower.told = follower.position;
    return room || this.#drained(follower);
  }

  /** Joins the audience, in the turn in which it was seen to stand at the head. */
  #cutOver(follower: Follower): void {
    const { audience, outlet, position } = follower;
    this.#behind.delete(follower);
    audience.live.add(follower);
    audience.told = Math.max(audience.told, position);
    // Whoever was told nothing, or nothing for long, could not come back from here.
    if (follower.told !== -1 && position - follower.told < PAGE) return;
    if (!outlet.send(new Frames([this.#renderer.checkpoint(audience.rendering, position)])))
      this.#demote(follower, position);
  }

  /** What comes after a follower's position, where all of it is in memory. */
  #stretchAfter({ audience, position }: Follower): Stretch | undefined {
    const { tail } = this.#journal;
    // What a volatile selection tells is asked of the renderer each time.
    const key = audience.rendering.volatile ? '' : `${audience.key}@${position}-${tail.head.position}`;
    const known = key && this.#stretches.get(key);
    if (known) return known;
    const entries = tail.inMemory(position, PAGE);
    if (!entries) return undefined;
    const stretch = this.#stretch(audience, entries, position);
    if (key && entries.length > 0) this.#stretches.set(key, stretch);
    return stretch;
  }

  async #stretchOfTable({ audience, position }: Follower): Promise<Stretch> {
    for (;;) {
      try {
        return this.#stretch(audience, await pageAfter(this.#journal, position, PAGE), position);
      } catch (error) {
        if (this.#journal.tail.available) throw error;
        // While the database is away, whoever needs it waits.
        await wait(RETRY_MS * (0.5 + Math.random()), undefined, { signal: this.#ended.signal });
      }
    }
  }

  #stretch(audience: Audience, entries: readonly Entry<PublicDocument>[], from: number): Stretch {
    const wanted = entries.filter(({ document }) => audience.wants(document));
    return {
      chunks: inChunks(wanted.map((entry) => this.#renderer.change(audience.rendering, entry))),
      end: entries.at(-1)?.position ?? from,
    };
  }

  /** Waits until a follower's connection has taken what waits; false, and the follower dropped, where it does not. */
  #drained(follower: Follower): Promise<boolean> {
    return new Promise((resolve) => {
      const patience = setTimeout(() => {
        if (!follower.gone) {
          this.#leave(follower);
          follower.outlet.drop();
        }
        resolve(false);
      }, PATIENCE_MS);
      patience.unref();
      follower.outlet.whenDrained(() => {
        clearTimeout(patience);
        resolve(!follower.gone);
      });
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
