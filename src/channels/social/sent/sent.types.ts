import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../../../access/account.types.ts';
import { DateTimeScalar, UrlScalar } from '../../../graphql/scalars.ts';
import { connectionOf } from '../../../paging/connection.types.ts';
import type { NewsPhase } from '../../../publications/vocabulary.ts';
import type { SocialNetwork } from '../fitting/networks.ts';
import { PostPhaseEnum, SocialNetworkEnum } from '../social.types.ts';

@ObjectType('SentPost', {
  description: 'A post on a network, as the scheduler that sent it recorded it. For staff and schedulers.',
})
export class SentPostType {
  @Field(() => ID, { description: 'The publication that it is about.' })
  publicationId!: string;
  @Field(() => SocialNetworkEnum, { description: 'The network that it was sent to.' })
  network!: SocialNetwork;
  @Field(() => Int, { description: 'The number of the revision that it is about.' })
  revision!: number;
  @Field(() => PostPhaseEnum, { description: 'What it says: that revision, or what had happened to it since.' })
  phase!: NewsPhase;
  @Field(() => UrlScalar, { description: 'Its address on the network.' })
  url!: string;
  @Field(() => DateTimeScalar, { name: 'recordedAt', description: 'When it was recorded.' })
  at!: string;
  @Field(() => AccountType, { description: 'The account that recorded it.' })
  by!: { id: string; name: string };
  @Field(() => Boolean, { description: 'True when it no longer says what is public.' })
  outdated!: boolean;
}

export const SentPostConnectionType = connectionOf('SentPost', () => SentPostType, {
  description: 'A page of posts that were sent, newest first.',
  nodes: 'The posts of this page.',
});
