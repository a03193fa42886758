import type { MatchedChange } from '../../board/filter/change-filter.rules.ts';
import { resyncRequired } from '../../journal/cursor.rules.ts';
import type { Entry } from '../../journal/entry.ts';
import { type Journal, PAGE } from '../../journal/journal.ts';
import { RESTORED } from '../../journal/starting-position.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { tracedDelivery } from '../../tracing/publication-trace.ts';
import { Audience, Audiences, audienceKey } from './audience.ts';
import { CatchUp } from './catch-up.ts';
import type { ChangeStream } from './change-stream.ts';
import { inChunks } from './chunk.ts';
import { Follower, type Outlet } from './follower.ts';
import { Frames } from './frames.ts';
import type { Renderer } from './renderer.ts';
import type { ChangeSelection, Rendering } from './rendering.ts';
import { RoundRobin } from './round-robin.ts';

/** How often a follower without changes gets a checkpoint (D-8). */
const CHECKPOINT_MS = 30_000;
/** How long a client may take nothing before its connection is closed (D-4). */
export const SLOW_READER_MS = 20_000;

/**
 * How many nodes may be resolved at once for each change that is delivered before the selections that are left come in turns: some 10 ms. An app
 * selects some hundreds of a change, and all who run that app share one selection.
 */
const MOST_NODES_AT_ONCE = 10_000;

/**
 * All followers of this process, and the one way to follow. Each change is matched to audiences by an index, executed and
 * serialised once for all who selected the same of it, and then costs one write for each follower. `follower.ts` describes
 * the phases of a follower; `catch-up.ts` brings those that are behind to the head.
 */
export class Followers {
  readonly #journal: Journal<PublicDocument>;
  readonly #renderer: Renderer;
  readonly #audiences = new Audiences<Follower>();
  /** The followers that are CATCHING_UP or BLOCKED. */
  readonly #behind = new Set<Follower>();
  readonly #catchUp: CatchUp;
  readonly #checkpointLine = new RoundRobin<Audience<Follower>>((audience) => this.#sendCheckpoint(audience));
  readonly #checkpoints: NodeJS.Timeout;
  readonly #onError: (error: unknown) => void;

  constructor(journal: Journal<PublicDocument>, renderer: Renderer, onError: (error: unknown) => void) {
    this.#journal = journal;
    this.#renderer = renderer;
    this.#onError = onError;
    this.#catchUp = new CatchUp(journal, renderer, {
      atHead: (follower) => this.#goLive(follower),
      whenFull: (follower) => this.#block(follower),
      onFault: (follower, error) => this.#giveUp(follower, error),
    });
    journal.tail.listen((batch) => tracedDelivery(batch, () => this.#deliver(batch)));
    this.#checkpoints = setInterval(() => this.#sendCheckpoints(), CHECKPOINT_MS);
  }

  /** Lets a client follow a stream that was opened. The function returned ends that. */
  join(stream: ChangeStream, selection: ChangeSelection, outlet: Outlet): () => void {
    const { head } = this.#journal.tail;
    if (stream.epoch !== head.epoch) {
      outlet.fail(resyncRequired(head, RESTORED));
      return () => undefined;
    }
    const follower = new Follower(this.#audienceOf(stream, selection), outlet, stream.from);
    follower.audience.size += 1;
    this.#startCatchingUp(follower);
    return () => this.#leave(follower);
  }

  /** Ends every stream: no cursor can be continued, since the journal was restored from a backup. */
  resync(): void {
    const error = resyncRequired(this.#journal.tail.head, RESTORED);
    const live = [...this.#audiences].flatMap((audience) => [...audience.live]);
    for (const follower of [...live, ...this.#behind]) {
      this.#leave(follower);
      follower.outlet.fail(error);
    }
    this.#catchUp.forget();
  }

  close(): void {
    clearInterval(this.#checkpoints);
    this.#catchUp.close();
  }

  #audienceOf({ match }: ChangeStream, selection: ChangeSelection): Audience<Follower> {
    const rendering = this.#renderer.renderingFor(selection);
    const found = this.#audiences.get(audienceKey(rendering, match));
    if (found) return found;
    const audience = new Audience<Follower>(rendering, match);
    rendering.users += 1;
    this.#audiences.add(audience);
    return audience;
  }

  #startCatchingUp(follower: Follower): void {
    follower.enter('CATCHING_UP');
    this.#behind.add(follower);
    this.#catchUp.add(follower);
  }

  /** To LIVE, in the turn in which the follower was seen to stand at the head. */
  #goLive(follower: Follower): void {
    const { audience, outlet, position, lastCursor } = follower;
    this.#behind.delete(follower);
    follower.isLeftOver = false;
    follower.ownPoints = 0;
    // A follower that joins others does not change when those got their last cursor.
    if (audience.live.size === 0) audience.lastCursor = position;
    follower.enter('LIVE');
    // Send a checkpoint unless the follower got a recent cursor: it needs one to resume.
    if (lastCursor !== -1 && position - lastCursor < PAGE) return;
    outlet.send(new Frames([this.#renderer.checkpoint(audience.rendering, position)]));
    if (outlet.isFull) this.#fallBehind(follower, position, position);
  }

  /** From LIVE to BLOCKED: the follower got everything up to a position, and its connection is full. */
  #fallBehind(follower: Follower, position: number, lastCursor: number): void {
    follower.position = position;
    follower.lastCursor = lastCursor;
    this.#behind.add(follower);
    this.#block(follower);
  }

  /** To BLOCKED, until the connection has taken what waits; drops a client that takes nothing for long. */
  #block(follower: Follower): void {
    follower.enter('BLOCKED');
    const patience = setTimeout(() => {
      if (follower.phase !== 'GONE') this.#drop(follower);
    }, SLOW_READER_MS);
    patience.unref();
    follower.outlet.whenDrained(() => {
      clearTimeout(patience);
      if (follower.phase !== 'GONE') this.#startCatchingUp(follower);
    });
  }

  #giveUp(follower: Follower, error: unknown): void {
    if (follower.phase === 'GONE' || this.#catchUp.closed) return;
    this.#onError(error);
    this.#drop(follower);
  }

  #drop(follower: Follower): void {
    this.#leave(follower);
    follower.outlet.drop();
  }

  #leave(follower: Follower): void {
    if (follower.phase === 'GONE') return;
    follower.enter('GONE');
    this.#behind.delete(follower);
    this.#catchUp.delete(follower);
    const { audience } = follower;
    audience.size -= 1;
    if (audience.size > 0) return;
    this.#audiences.delete(audience);
    audience.rendering.users -= 1;
    if (audience.rendering.users === 0) this.#renderer.forget(audience.rendering);
  }

  /** Writes one batch of the tail to all LIVE followers that want it, in the turn in which the tail gives it out. */
  #deliver(batch: readonly Entry<PublicDocument>[]): void {
    const wanted = new Map<Audience<Follower>, MatchedChange[]>();
    for (const entry of batch)
      for (const [audience, change] of this.#audiences.audiencesFor(entry)) {
        const changes = wanted.get(audience);
        if (changes) changes.push(change);
        else wanted.set(audience, [change]);
      }
    const rendered = new Map<string, Frames[]>();
    const until = this.#renderer.nodes + batch.length * MOST_NODES_AT_ONCE;
    for (const [audience, changes] of mostSharedFirst(wanted)) {
      const frames = rendered.get(deliveryKey(audience, changes));
      if (!frames && this.#renderer.nodes > until) this.#leaveOver(audience, changes);
      else for (const some of frames ?? this.#render(rendered, audience, changes)) this.#write(audience, some);
    }
  }

  /** Lets the followers of an audience come to a change by themselves: nobody waits until it is rendered for them. */
  #leaveOver(audience: Audience<Follower>, [first]: readonly MatchedChange[]): void {
    if (!first) return;
    for (const follower of [...audience.live]) {
      follower.position = first.entry.position - 1;
      follower.isLeftOver = true;
      this.#startCatchingUp(follower);
    }
  }

  /** Audiences of different filters that select the same, and whose filters match and ring in the same way, get the same frames. */
  #render(rendered: Map<string, Frames[]>, audience: Audience<Follower>, changes: readonly MatchedChange[]): Frames[] {
    const frames = inChunks(changes.map((change) => this.#renderer.change(audience.rendering, change)));
    rendered.set(deliveryKey(audience, changes), frames);
    return frames;
  }

  #write(audience: Audience<Follower>, frames: Frames): void {
    const [first] = frames.changes;
    const last = frames.changes.at(-1);
    if (!first || !last) return;
    audience.lastCursor = last.position;
    for (const follower of audience.live) {
      // Another subscription on the same connection may have filled it.
      if (follower.outlet.isFull) this.#fallBehind(follower, first.position - 1, -1);
      else {
        follower.outlet.send(frames);
        if (follower.outlet.isFull) this.#fallBehind(follower, last.position, last.position);
      }
    }
  }

  /** Moves on the cursor of followers that had no change for a while, so that a resume never scans far. */
  #sendCheckpoints(): void {
    for (const audience of this.#audiences) this.#checkpointLine.add(audience);
  }

  /** A live follower has everything up to the head. */
  #sendCheckpoint(audience: Audience<Follower>): void {
    const { position } = this.#journal.tail.head;
    if (audience.lastCursor < position && audience.live.size > 0)
      this.#write(audience, new Frames([this.#renderer.checkpoint(audience.rendering, position)]));
  }
}

const deliveryKey = ({ rendering }: Audience<Follower>, changes: readonly MatchedChange[]): string =>
  `${rendering.number}:${changes.map(({ entry, match, ring }) => `${entry.position}${match}${ring}`)}`;

/** The audiences with live followers: first those whose selection most followers share, of those alike the oldest. */
function mostSharedFirst(
  wanted: ReadonlyMap<Audience<Follower>, MatchedChange[]>,
): [Audience<Follower>, MatchedChange[]][] {
  const live = [...wanted].filter(([audience]) => audience.live.size > 0);
  if (live.length < 2) return live;
  const shared = new Map<Rendering, number>();
  for (const [{ rendering, live: followers }] of live)
    shared.set(rendering, (shared.get(rendering) ?? 0) + followers.size);
  const sharedBy = ({ rendering }: Audience<Follower>) => shared.get(rendering) ?? 0;
  return live.sort(([a], [b]) => sharedBy(b) - sharedBy(a) || a.rendering.number - b.rendering.number);
}
