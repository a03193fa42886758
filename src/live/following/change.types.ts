import { Field, Int, ObjectType } from 'type-graphql';
import { CursorScalar, DateTimeScalar } from '../../graphql/scalars.ts';
import { PageInfoType, STALE } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import type { PublicationField } from '../../publications/changed/changed-fields.rules.ts';
import { PublicationFieldEnum } from '../../publications/changed/changed-fields.types.ts';
import type { PublicView } from '../../publications/document.ts';
import { ChangeTypeEnum, FilterMatchEnum } from '../../publications/enum.types.ts';
import { PublicationType } from '../../publications/publication.types.ts';
import type { ChangeType, FilterMatch } from '../../publications/vocabulary.ts';

@ObjectType('PublicationChange', { description: 'One change to what is public.' })
export class Change {
  @Field(() => CursorScalar, { description: 'Its position: send it as `after` to continue after it.' })
  cursor!: string;
  @Field(() => Int, {
    description:
      'The same position as a number: of two changes the higher one is newer. It counts anew after RESYNC_REQUIRED.',
  })
  position!: number;
  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at!: string;
  @Field(() => ChangeTypeEnum, { description: 'What happened.' })
  type!: ChangeType;
  @Field(() => PublicationType, {
    nullable: true,
    description:
      'The publication as of this change; null only for a CHECKPOINT. Its id is that of the thread if no other change has followed, else its own.',
  })
  publication!: (() => PublicView) | null;
  @Field(() => [PublicationFieldEnum], { description: 'The fields that changed; empty for a first publication.' })
  changedFields!: () => PublicationField[];
  @Field(() => Boolean, {
    description: 'Whether it only mended words, such as a typo: no news, and no reason for another post.',
  })
  minor!: () => boolean;
  @Field(() => FilterMatchEnum, {
    nullable: true,
    description: 'How it stands to `where`: before this change and after it; null only for a CHECKPOINT.',
  })
  match!: FilterMatch | null;
  @Field(() => Boolean, {
    description:
      'Whether an app should sound again: for what ENTERED, and for what is graver or reaches further among the communes of `where`. Never for what LEFT.',
  })
  ring!: boolean;
}

@ObjectType('PublicationChangeEdge', { description: 'A change of a page, and its place.' })
export class ChangeEdge {
  @Field(() => CursorScalar, { description: 'Send it as `after` to go on behind this change.' })
  cursor!: string;
  @Field(() => Change, { description: 'The change.' })
  node!: Change;
}

@ObjectType('PublicationChangeConnection', { description: 'A page of changes, oldest first.' })
export class ChangeConnection {
  @Field(() => [ChangeEdge], { description: 'The changes of this page, each with its cursor.' })
  edges!: () => ChangeEdge[];
  @Field(() => [Change], { description: 'The changes of this page.' })
  nodes!: Change[];
  @Field(() => PageInfoType, {
    description:
      'Whether the list goes on. Its cursors are those of the journal, and its endCursor is there for an empty page too; hasPreviousPage is true where the journal has earlier entries, whatever `where`.',
  })
  pageInfo!: Page<Change>['pageInfo'];
  @Field(() => CursorScalar, { description: 'Where this page ends: send it as `after` to go on.' })
  endCursor!: string;
  @Field(() => Int, { description: 'The same position as a number. It counts anew after RESYNC_REQUIRED.' })
  position!: number;
  @Field(() => Boolean, { description: 'Whether there are more after this page.' })
  hasNextPage!: boolean;
  @Field(() => Boolean, STALE)
  stale!: boolean;
}
