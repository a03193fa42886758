import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CommuneCodeScalar, DateTimeScalar, UrlScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import type { OriginView, WatcherView } from './watcher.queries.ts';

@ObjectType('Watcher', { description: 'A feed that is read for the desk: the items that are wanted become reports.' })
export class WatcherType implements Omit<WatcherView, 'communes'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => String, { description: 'Its name at the desk.' })
  name!: string;
  @Field(() => UrlScalar, { description: 'Where the feed is: RSS, Atom, or a CAP message.' })
  url!: string;
  @Field(() => [String], {
    description: 'An item must contain one of these; where the list is empty, every item will do.',
  })
  keywords!: string[];
  @Field(() => [String], { description: 'The senders of CAP messages whose words may be relayed as they are.' })
  trustedSenders!: string[];
  @Field(() => Int, { description: 'Minutes from one reading to the next.' })
  everyMinutes!: number;
  @Field(() => Boolean, { description: 'False while it is paused.' })
  active!: boolean;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the feed was last read; null before the first time.',
  })
  lookedAt!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What went wrong at the last reading, in French; null if nothing did.',
  })
  fault!: string | null;
  @Field(() => Int, { description: 'How many reports it brought in.' })
  reports!: number;
}

@ObjectType('FeedOrigin', { description: 'The origin of a report that a watcher brought in.' })
export class FeedOriginType implements OriginView {
  @Field(() => String, { nullable: true, description: 'The name of the watcher; null once it is removed.' })
  watcher!: string | null;
  @Field(() => UrlScalar, { description: 'The address of the feed.' })
  feedUrl!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The title that the feed gives itself; null where it gives none.',
  })
  feedTitle!: string | null;
  @Field(() => String, {
    description: 'The source’s own reference: guid, id or link; for CAP `sender,identifier,sent`.',
  })
  reference!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was published, by the source’s own account.' })
  publishedAt!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What a CAP message is, as it was written: Alert, Update, Cancel …; null for items of RSS and Atom.',
  })
  msgType!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'How a CAP message is meant, as it was written: Actual …; null for items of RSS and Atom.',
  })
  status!: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Whom a CAP message is for, as it was written: Public, Restricted or Private; null where it does not say.',
  })
  scope!: string | null;
  @Field(() => [String], {
    description:
      'The messages that a CAP message refers to, each `sender,identifier,sent`; empty for items of RSS and Atom.',
  })
  references!: string[];
  @Field(() => ID, {
    nullable: true,
    description:
      'The report of the first message to which this one refers, or the first report of the same item; null where there is none.',
  })
  firstReportId!: string | null;
  @Field(() => ID, {
    nullable: true,
    description:
      'The report of the same CAP message, by sender, identifier and sent, that a watcher brought before which does not trust its sender; null where none did.',
  })
  replacesReportId!: string | null;
  @Field(() => ID, {
    nullable: true,
    description:
      'The report of the same CAP message that a watcher brought later which trusts its sender, and which counts in place of this one; null where none did.',
  })
  replacedByReportId!: string | null;
}

@InputType('WatcherInput', { description: 'A feed to read, and which of its items are wanted.' })
export class WatcherInput {
  @Field(() => String, { description: 'Its name at the desk.' })
  name!: string;
  @Field(() => UrlScalar, {
    description: 'An http or https address on the public Internet: RSS, Atom, or a CAP message.',
  })
  url!: string;
  @Field(() => [String], {
    nullable: true,
    description:
      'An item must contain one of these, whatever the accents and the case; `inond*` means every word that begins so. None: every item.',
  })
  keywords!: string[] | null;
  @Field(() => [CommuneCodeScalar], {
    nullable: true,
    description:
      'INSEE codes: an item must name one of these communes, or its area touch one. Without a list, the place does not matter.',
  })
  communes!: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: 'The senders of CAP messages whose words may be relayed as they are.',
  })
  trustedSenders!: string[] | null;
  @Field(() => Int, { defaultValue: 10, description: 'Minutes from one reading to the next, 1 to 1440.' })
  everyMinutes!: number;
  @Field(() => Boolean, { defaultValue: true, description: 'False pauses it.' })
  active!: boolean;
}

export const WatcherConnectionType = connectionOf('Watcher', () => WatcherType, {
  description: 'A page of watchers, by name.',
  nodes: 'The watchers of this page.',
});
