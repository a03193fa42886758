import { Field, Int, ObjectType } from 'type-graphql';
import { CursorScalar, PageCursorScalar } from '../graphql/scalars.ts';

/** The two arguments of every list. */
export const firstUpTo = (largest = 100) => ({ defaultValue: 20, description: `How many, 1 to ${largest}.` });
export const AFTER = { nullable: true, description: 'The endCursor of the page before, or the cursor of an edge.' };

@ObjectType('PageInfo', { description: 'Whether a list goes on, and from where.' })
export class PageInfoType {
  @Field(() => Boolean, { description: 'Whether there are more after this page.' })
  hasNextPage!: boolean;
  @Field(() => Boolean, { description: 'Whether there are more before this page.' })
  hasPreviousPage!: boolean;
  @Field(() => PageCursorScalar, {
    nullable: true,
    description: 'The cursor of the first edge; null on an empty page.',
  })
  startCursor!: string | null;
  @Field(() => PageCursorScalar, {
    nullable: true,
    description: 'Send it as `after` to read on; null on an empty page.',
  })
  endCursor!: string | null;
}

interface Described {
  /** Of the connection: which list it is a page of, and its order. */
  description: string;
  /** Of `nodes`. */
  nodes: string;
  /** Whether it is read from what is public: then it says at which moment. */
  isPublic?: boolean;
}

/** The fields of an answer from what is public that say which position of the journal it shows, and whether that may be old. */
export const AS_OF = { description: 'The position in the journal that this answer shows: follow after it.' };
export const POSITION = {
  description:
    'The same position as a number: of two answers the higher one is newer. It counts anew after RESYNC_REQUIRED.',
};

export const STALE = {
  description: 'True while the database cannot be reached or takes no writes: newer changes may be missing.',
};

/** The connection and the edge of a list; `name` is that of its items. */
export function connectionOf(name: string, node: () => object, { description, nodes, isPublic }: Described) {
  @ObjectType(`${name}Edge`, { description: 'An item of a page, and its place.' })
  class EdgeType {
    @Field(() => PageCursorScalar, { description: 'Send it as `after` to read on behind this item.' })
    cursor!: string;
    @Field(() => node(), { description: 'The item.' })
    node!: object;
  }

  @ObjectType(`${name}Connection`, { description })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The items of this page, each with its cursor.' })
    edges!: EdgeType[];
    @Field(() => [node()], { description: nodes })
    nodes!: object[];
    @Field(() => PageInfoType, { description: 'Whether the list goes on.' })
    pageInfo!: PageInfoType;
    @Field(() => Int, { description: 'How many match in all.' })
    totalCount!: number;
  }

  if (isPublic) {
    Field(() => CursorScalar, AS_OF)(ConnectionType.prototype, 'asOf');
    Field(() => Int, POSITION)(ConnectionType.prototype, 'position');
    Field(() => Boolean, STALE)(ConnectionType.prototype, 'stale');
  }
  return ConnectionType;
}
