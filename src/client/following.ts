import type { Client, SubscribePayload } from 'graphql-ws';

/** How many refusals may follow each other before one is told: a fresh cursor is good, unless something is wrong. */
const MOST_RESYNCS = 3;
/** How many of the last cursors are remembered, to drop what comes twice. */
const REMEMBERED = 1_000;

/** Why a follower starts over, and where from. */
export interface Resync {
  /** The present of the hub, as of its refusal. */
  cursor: string;
  /** The subscription that starts over. */
  payload: SubscribePayload;
}

interface Result {
  data?: unknown;
  errors?: unknown;
}

interface FollowingOptions<R extends Result> {
  client: Client;
  payload: SubscribePayload;
  sink: { next(result: R): void; error(error: unknown): void; complete(): void };
  onResync(resync: Resync): unknown;
}

/** One subscription that resumes. It ends once: with an error, or complete. */
export class Following<R extends Result> {
  readonly #options: FollowingOptions<R>;
  /** What the client sends with each connection, as it stands then. */
  readonly #payload: SubscribePayload & { variables: Record<string, unknown> };
  readonly #told = new Set<string>();
  #resyncs = 0;
  #stop: () => void = () => undefined;
  #stopped = false;
  #ended = false;

  constructor(options: FollowingOptions<R>) {
    const { payload } = options;
    if (!/\$after\b/.test(payload.query))
      throw new TypeError('a subscription that resumes hands its variable $after on: changes(after: $after)');
    this.#options = options;
    this.#payload = { ...payload, variables: { ...payload.variables } };
  }

  begin(): void {
    this.#stop = this.#options.client.subscribe(this.#payload, {
      next: (result) => this.#next(result as R),
      error: (error) => this.#refused(error),
      complete: () => this.#end(),
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#stop();
  }

  #next(result: R): void {
    const cursor = cursorOf(result);
    if (cursor === undefined && !result.errors) {
      this.#fail(new TypeError('a subscription that resumes selects `cursor` of each change'));
      this.stop();
      return;
    }
    if (cursor !== undefined) {
      if (this.#told.has(cursor)) return;
      this.#remember(cursor);
    }
    this.#options.sink.next(result);
  }

  #remember(cursor: string): void {
    this.#payload.variables.after = cursor;
    this.#resyncs = 0;
    this.#told.add(cursor);
    // A Set keeps the order in which its members came.
    if (this.#told.size > REMEMBERED) for (const oldest of this.#told) return void this.#told.delete(oldest);
  }

  #refused(error: unknown): void {
    const cursor = freshCursor(error);
    this.#resyncs += 1;
    if (cursor === undefined || this.#resyncs > MOST_RESYNCS) this.#fail(error);
    else void this.#startOver(cursor);
  }

  async #startOver(cursor: string): Promise<void> {
    try {
      const asOf = await this.#options.onResync({ cursor, payload: this.#options.payload });
      this.#payload.variables.after = typeof asOf === 'string' ? asOf : cursor;
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#stopped) this.#end();
    else this.begin();
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.sink.error(error);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.sink.complete();
  }
}

/** The cursor of the one change in a result, under whatever name it was asked for. */
function cursorOf({ data }: Result): string | undefined {
  for (const change of Object.values(data ?? {})) if (typeof change?.cursor === 'string') return change.cursor;
  return undefined;
}

/** The cursor that RESYNC_REQUIRED gives; undefined for every other error. */
function freshCursor(error: unknown): string | undefined {
  if (!Array.isArray(error)) return undefined;
  const refusal = error.find(({ extensions }) => extensions?.code === 'RESYNC_REQUIRED');
  const cursor = refusal?.extensions.cursor;
  return typeof cursor === 'string' ? cursor : undefined;
}
