import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ViewerType } from '../../../access/viewer.types.ts';
import { DateTimeScalar } from '../../../graphql/scalars.ts';
import type { NewsPhase } from '../../../publications/news.rules.ts';
import type { SocialNetwork } from '../fitting/networks.ts';
import { PostPhaseEnum, SocialNetworkEnum } from '../social.types.ts';

@ObjectType('SentPost', {
  description: 'A post that stands on a network, as whoever sent it says. Staff and schedulers.',
})
export class SentPostType {
  @Field(() => ID, { description: 'The publication that it tells of.' })
  publicationId!: string;
  @Field(() => SocialNetworkEnum, { description: 'Where it was sent.' })
  network!: SocialNetwork;
  @Field(() => Int, { description: 'The number of the revision that it tells.' })
  revision!: number;
  @Field(() => PostPhaseEnum, { description: 'What it tells: that revision, or what had happened to it since.' })
  phase!: NewsPhase;
  @Field(() => String, { description: 'Where it stands.' })
  url!: string;
  @Field(() => DateTimeScalar, { description: 'When it was acknowledged.' })
  at!: string;
  @Field(() => ViewerType, { description: 'Who acknowledged it.' })
  by!: { id: string; name: string };
  @Field(() => Boolean, { description: 'True when it no longer tells what is public.' })
  outdated!: boolean;
}
