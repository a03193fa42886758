import { buildSchema, type GraphQLObjectType, parse } from 'graphql';
import type { Payer } from '../../../src/allowance/payer.ts';
import { Board } from '../../../src/board/board.ts';
import type { ChangeMatch } from '../../../src/board/filter/change-filter.rules.ts';
import { systemClock } from '../../../src/clock.ts';
import { countFields } from '../../../src/graphql/cost/counted-fields.ts';
import { Documents, ReadDocument } from '../../../src/graphql/documents.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import type { Journal } from '../../../src/journal/journal.ts';
import { ChangeStream } from '../../../src/live/following/change-stream.ts';
import type { Outlet } from '../../../src/live/following/follower.ts';
import { Followers } from '../../../src/live/following/followers.ts';
import type { Frames } from '../../../src/live/following/frames.ts';
import { Renderer } from '../../../src/live/following/renderer.ts';
import type { ChangeSelection } from '../../../src/live/following/rendering.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { viewId } from '../../../src/publications/view.ts';

const EPOCH = 'one';
const EVERYTHING: ChangeMatch = { modes: new Set(['ACTUAL']), kinds: new Set(['ADVICE']), least: 0 };

/** Of each change its cursor, its type, the id of its publication, and lists: `many` has 4,000 items, `some` a thousand. */
const schema = buildSchema(`
  type Query { none: Int }
  type Subscription { changes: Change }
  type Change { cursor: String type: String publication: Publication }
  type Publication { id: String many: [Int] some: [Int] }
`);
const fieldsOf = (type: string) => (schema.getType(type) as GraphQLObjectType).getFields();
type Resolve = NonNullable<ReturnType<typeof fieldsOf>[string]['resolve']>;
const resolveBy = (type: string, name: string, resolve: Resolve): void => {
  const field = fieldsOf(type)[name];
  if (field) field.resolve = resolve;
};
resolveBy('Publication', 'id', viewId);
resolveBy('Publication', 'many', () => Array.from({ length: 4_000 }, (_, at) => at));
resolveBy('Publication', 'some', () => new Array<number>(1_000).fill(0));
resolveBy('Subscription', 'changes', (change) => change);
countFields(schema);

/** What a subscription selects, in that schema. */
export function selectionOf(query: string): ChangeSelection {
  const read = new Documents(schema, { maxTokens: 100 }).read(query);
  const operation = read instanceof ReadDocument ? read.operation(undefined) : undefined;
  if (!operation) throw new Error('unread');
  return { operation, args: { schema, document: parse(query) } };
}

/** Followers of a journal in memory. Call it where timers are set by the test, and close the followers at its end. */
export function followersInMemory() {
  const board = new Board(systemClock);
  const memory = new MemoryJournal(board);
  const renderer = new Renderer({
    board,
    clock: systemClock,
    cursorOf: String,
    format: (error) => error,
    context: () => ({}),
  });
  const journal = { tail: memory, clock: systemClock } as unknown as Journal<PublicDocument>;
  const followers = new Followers(journal, renderer, (error) => {
    throw error;
  });
  /** Lets a client follow from a position on; answers how it leaves. */
  const join = (client: Outlet, from: number, selection: ChangeSelection, epoch = EPOCH) =>
    followers.join(new ChangeStream(EVERYTHING, from, epoch), selection, client);
  return { memory, renderer, followers, join };
}

/** A journal all of which is in memory. */
export class MemoryJournal {
  readonly entries: Entry<PublicDocument>[] = [];
  #listener: (batch: readonly Entry<PublicDocument>[]) => void = () => undefined;
  available = true;

  /** `board`: is shown every entry before a listener hears of it. */
  constructor(private readonly board: Board) {}

  get head() {
    return { epoch: EPOCH, position: this.entries.length };
  }
  inMemory(position: number, limit: number) {
    return this.entries.slice(position, position + limit);
  }
  listen(listener: (batch: readonly Entry<PublicDocument>[]) => void) {
    this.#listener = listener;
    return () => undefined;
  }
  append(count: number): void {
    this.tell(...Array.from({ length: count }, (_, index) => `thread-${this.entries.length + 1 + index}`));
  }
  /** Appends an entry for each of these threads, in one batch. */
  tell(...threads: string[]): void {
    const batch = threads.map((subject, index) => {
      const position = this.entries.length + 1 + index;
      const document = { id: subject, mode: 'ACTUAL', kind: 'ADVICE', communes: [], revision: position };
      return { subject, position, type: 'UPDATED', changedFields: [], document, before: null, superseded: false };
    }) as unknown as Entry<PublicDocument>[];
    for (const entry of batch) this.board.apply(entry);
    this.entries.push(...batch);
    this.#listener(batch);
  }
}

/** A client whose connection is full, or drains, as the test says. */
export class Client implements Outlet {
  readonly sent: string[] = [];
  /** The ids of the publications that it was sent, if it selects them. */
  readonly ids: string[] = [];
  isFull = false;
  dropped = false;
  error: Error | undefined;
  #resume: () => void = () => undefined;

  /** `payer`: whom it spends from; nobody where it is left out. */
  constructor(readonly payer: Payer | undefined = undefined) {}

  send({ changes }: Frames): void {
    const told = changes.map(({ position, json }) => (json.includes('CHECKPOINT') ? `at ${position}` : `${position}`));
    this.sent.push(told.join(' '));
    for (const { json } of changes) {
      const { publication } = JSON.parse(String(json)).data.changes;
      if (publication) this.ids.push(publication.id);
    }
  }
  whenDrained(resume: () => void): void {
    this.#resume = resume;
  }
  drain(): void {
    this.isFull = false;
    this.#resume();
  }
  drop(): void {
    this.dropped = true;
  }
  fail(error: Error): void {
    this.error = error;
  }
}
