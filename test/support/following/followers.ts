import { createSourceEventStream } from 'graphql';
import type { Payer } from '../../../src/allowance/payer.ts';
import { systemClock } from '../../../src/clock.ts';
import { createContext } from '../../../src/graphql/context.ts';
import { Documents, ReadDocument } from '../../../src/graphql/documents.ts';
import { createSchema } from '../../../src/graphql/schema.ts';
import { encodeCursor } from '../../../src/journal/cursor.rules.ts';
import { ChangeStream } from '../../../src/live/following/change-stream.ts';
import type { Outlet } from '../../../src/live/following/follower.ts';
import { Followers } from '../../../src/live/following/followers.ts';
import type { Frames } from '../../../src/live/following/frames.ts';
import { Renderer } from '../../../src/live/following/renderer.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';
import type { Hub } from '../hub/hub.ts';

/** Takes everything at once, and keeps what it was told. */
export class Network implements Outlet {
  /** The positions of changes and checkpoints. */
  readonly changes: number[] = [];
  readonly checkpoints: number[] = [];
  readonly isFull = false;

  /** `payer`: whom it spends from; nobody where it is left out. */
  constructor(readonly payer: Payer | undefined = undefined) {}

  send({ changes }: Frames): void {
    for (const { position, json } of changes)
      (json.includes('"CHECKPOINT"') ? this.checkpoints : this.changes).push(position);
  }
  whenDrained(resume: () => void): void {
    resume();
  }
  drop(): void {
    throw new Error('dropped');
  }
  fail(error: Error): void {
    throw error;
  }
}

/** Followers of their own over a hub's journal, who join without a network. */
export function followersOf({ app: { reads } }: Hub) {
  const schema = createSchema(resolversOf(reads, {} as HubOffice));
  const context = () => createContext(null, { reads, openDeskChanges: () => Promise.reject(new Error('nobody')) });
  const cursorOf = (position: number) => encodeCursor({ epoch: reads.journal.tail.head.epoch, position });
  const renderer = new Renderer({
    board: reads.board,
    clock: systemClock,
    cursorOf,
    format: (error) => error,
    context,
  });
  const failures: unknown[] = [];
  const followers = new Followers(reads.journal, renderer, (error) => failures.push(error));
  const documents = new Documents(schema, { maxTokens: 10_000 });
  return {
    failures,
    close: () => followers.close(),
    /** Opens a subscription; who is handed to the function that it answers follows. */
    async open(query: string, variables: object, after?: number) {
      const read = documents.read(query);
      const operation = read instanceof ReadDocument ? read.operation(undefined) : undefined;
      if (!operation) throw new Error('unread');
      const cursor = after === undefined ? null : cursorOf(after);
      const args = { schema, document: operation.within.document, variableValues: { ...variables, after: cursor } };
      const stream = await createSourceEventStream({ ...args, contextValue: context() });
      if (!(stream instanceof ChangeStream)) throw new Error(JSON.stringify(stream));
      return (outlet: Outlet) => followers.join(stream, { operation, args }, outlet);
    },
  };
}
