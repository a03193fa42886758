import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/scalars.ts';
import type { OriginView, WatcherView } from './watcher.queries.ts';

@ObjectType('Watcher', { description: 'A feed that is read for the desk: what is wanted of it becomes reports.' })
export class WatcherType implements Omit<WatcherView, 'communes'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => String, { description: 'What the desk calls it.' })
  name!: string;
  @Field(() => String, { description: 'Where the feed is: RSS, Atom, or a CAP message.' })
  url!: string;
  @Field(() => [String], { description: 'One of these must stand in an item; none: every item will do.' })
  keywords!: string[];
  @Field(() => [String], { description: 'The senders of CAP messages whose words may be relayed as they are.' })
  trustedSenders!: string[];
  @Field(() => Int, { description: 'Minutes from one look to the next.' })
  everyMinutes!: number;
  @Field(() => Boolean, { description: 'False while it is paused.' })
  active!: boolean;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the feed was looked at last; null before the first.',
  })
  lookedAt!: string | null;
  @Field(() => String, { nullable: true, description: 'What went wrong at the last look, in French; null if nothing.' })
  fault!: string | null;
  @Field(() => Int, { description: 'How many reports it brought.' })
  reports!: number;
}

@ObjectType('FeedOrigin', { description: 'Where a report comes from that a watcher brought.' })
export class FeedOriginType implements OriginView {
  @Field(() => String, { nullable: true, description: 'The name of the watcher; null once it was removed.' })
  watcher!: string | null;
  @Field(() => String, { description: 'The address of the feed.' })
  feedUrl!: string;
  @Field(() => String, { nullable: true, description: 'What the feed calls itself; null where it does not.' })
  feedTitle!: string | null;
  @Field(() => String, {
    description: 'What the source calls the item: guid, id or link; for CAP `sender,identifier,sent`.',
  })
  reference!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the source says that it was published.' })
  publishedAt!: string | null;
}

@InputType('WatcherInput', { description: 'A feed to read, and what is wanted of it.' })
export class WatcherInput {
  @Field(() => String, { description: 'What the desk calls it.' })
  name!: string;
  @Field(() => String, { description: 'An http or https address on the public Internet: RSS, Atom, or a CAP message.' })
  url!: string;
  @Field(() => [String], {
    nullable: true,
    description:
      'One of these must stand in an item, whatever accents and case; `inond*` is every word that begins so.',
  })
  keywords!: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: 'INSEE codes: one of these must be named in an item or touched by its area. None: anywhere.',
  })
  communes!: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: 'The senders of CAP messages whose words may be relayed as they are.',
  })
  trustedSenders!: string[] | null;
  @Field(() => Int, { defaultValue: 10, description: 'Minutes from one look to the next, 1 to 1440.' })
  everyMinutes!: number;
  @Field(() => Boolean, { defaultValue: true, description: 'False pauses it.' })
  active!: boolean;
}
