import { Arg, FieldResolver, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { matchedChange, readChangeFilter } from '../../board/filter/change-filter.rules.ts';
import { ChangeFilter } from '../../board/filter/change-filter.types.ts';
import { mayBeOvertaken, type PublicReads } from '../../board/public-reads.ts';
import { changeText, type PublicText } from '../../board/public-texts.ts';
import { CursorScalar } from '../../graphql/scalars.ts';
import { encodeCursor } from '../../journal/cursor.rules.ts';
import { pageAfter } from '../../journal/journal.ts';
import { checkEpoch, startingPosition } from '../../journal/starting-position.ts';
import { demandFirst } from '../../paging/page.rules.ts';
import { LANGUAGES, LanguageTagScalar } from '../../publications/content/language.types.ts';
import { TextType } from '../../publications/publication.types.ts';
import { changeOf } from './change.rules.ts';
import { Change, ChangeConnection } from './change.types.ts';
import { ChangeStream } from './change-stream.ts';

const WHERE = { nullable: true, description: 'Which ones.' };
const MOST = 500;

/** What the subscription needs in its context: graphql-js gives `subscribe` the context and no resolver. */
export interface ChangesSources {
  reads: PublicReads;
  /** The last event that the reader of an event stream got: it takes the place of `after`, whatever that is. */
  lastEventId?: string;
}

/** The same changes for the same cursor and filter (D-6), as pages (query) or live (subscription). */
@Resolver()
export class ChangesResolver {
  constructor(private readonly reads: PublicReads) {}

  @Query(() => ChangeConnection, {
    nullable: true,
    description: 'The changes after a cursor, oldest first; without a cursor, an empty page that ends at the present.',
  })
  async changes(
    @Arg('where', () => ChangeFilter, WHERE) where: ChangeFilter | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Null: the present.' })
    after: string | null,
    @Arg('first', () => Int, { defaultValue: 100, description: `How many, 1 to ${MOST}.` }) first: number,
  ): Promise<ChangeConnection> {
    demandFirst(first, MOST);
    const { board, journal, territory } = this.reads;
    const match = readChangeFilter(where, territory);
    const start = await startingPosition(journal, after);
    let position = start;
    const nodes: Change[] = [];
    const { epoch } = journal.tail.head;
    const at = (position: number) => encodeCursor({ epoch, position });
    const page = (hasNextPage: boolean) =>
      connectionOf(nodes, { start, position, hasNextPage, stale: mayBeOvertaken(this.reads) }, at);
    while (position < journal.tail.head.position) {
      const entries = await pageAfter(journal, position);
      checkEpoch(journal, epoch);
      for (const entry of entries) {
        if (nodes.length === first) return page(true);
        position = entry.position;
        const change = matchedChange(match, entry);
        if (change) nodes.push(changeOf(at(position), change, () => board.viewOf(entry)));
      }
    }
    return page(false);
  }

  @Subscription(() => Change, {
    name: 'changes',
    description:
      'Every change as it happens; after a cursor, first every change since then. Each comes once, in order.',
    subscribe: ({ args, context }) => {
      const { reads, lastEventId } = context as ChangesSources;
      return openChanges(reads, args.where ?? null, lastEventId ?? args.after ?? null);
    },
  })
  follow(
    @Arg('where', () => ChangeFilter, WHERE) _where: ChangeFilter | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Null: from now on.' }) _after: string | null,
    @Root() change: Change,
  ): Change {
    return change;
  }
}

/** A page of changes that was read from one position of the journal up to another. */
function connectionOf(
  nodes: Change[],
  { start, position, hasNextPage, stale }: { start: number; position: number; hasNextPage: boolean; stale: boolean },
  at: (position: number) => string,
): ChangeConnection {
  const endCursor = at(position);
  return {
    nodes,
    edges: () => nodes.map((node) => ({ cursor: node.cursor, node })),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: () => start > 0,
      startCursor: () => nodes[0]?.cursor ?? null,
      endCursor: () => endCursor,
    },
    endCursor,
    position,
    hasNextPage,
    stale,
  };
}

/** The field of a change that is made for the language of its reader. */
@Resolver(() => Change)
export class ChangeResolver {
  @FieldResolver(() => TextType, {
    nullable: true,
    description:
      'The words to show for this very change: why it was withdrawn, the all clear, a road seen open; else those of the revision. Null only for a CHECKPOINT.',
  })
  text(
    @Root() { type, publication }: Change,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): PublicText | null {
    return publication && changeText(type, publication(), languages);
  }
}

/** Opens a subscription. Throws for a bad filter or cursor: INVALID_INPUT, RESYNC_REQUIRED. */
export async function openChanges(
  { journal, territory }: PublicReads,
  where: ChangeFilter | null,
  after: string | null,
): Promise<ChangeStream> {
  const match = readChangeFilter(where, territory);
  const from = await startingPosition(journal, after);
  return new ChangeStream(match, from, journal.tail.head.epoch);
}
