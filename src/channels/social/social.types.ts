import { Field, Int, ObjectType } from 'type-graphql';
import { CursorScalar } from '../../graphql/scalars.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { graphqlEnum } from '../../publications/enum.types.ts';
import { NEWS_PHASES, type NewsPhase } from '../../publications/news.rules.ts';
import { PageInfoType, PublicationType } from '../../publications/publication.types.ts';
import { NETWORK_ROWS, NETWORKS, type SocialNetwork } from './fitting/networks.ts';

const descriptions = Object.fromEntries(
  NETWORKS.map((network) => [network, NETWORK_ROWS[network].description]),
) as Record<SocialNetwork, string>;
export const SocialNetworkEnum = graphqlEnum('SocialNetwork', NETWORKS, 'Where a post can be sent.', descriptions);

export const PostPhaseEnum = graphqlEnum('PostPhase', NEWS_PHASES, 'What a post tells of a publication.', {
  REVISION: 'Its revision.',
  REOPENED: 'That the road was seen open again.',
  ALL_CLEAR: 'That the danger is over.',
  CANCELLED: 'That it was withdrawn.',
});

@ObjectType('SocialPost', { description: 'A publication as one network takes it, ready to be sent.' })
export class SocialPostType {
  @Field(() => SocialNetworkEnum, { description: 'The network that it was made for.' })
  network!: SocialNetwork;
  @Field(() => PublicationType, { description: 'What it tells of.' })
  publication!: PublicDocument;
  @Field(() => Int, { description: 'The number of the revision that it tells.' })
  revision!: number;
  @Field(() => PostPhaseEnum, { description: 'What it tells: that revision, or what happened to it since.' })
  phase!: NewsPhase;
  @Field(() => String, { description: 'The language of its words (BCP 47): the one asked for, or the nearest to it.' })
  language!: string;
  @Field(() => Boolean, { description: 'True for a translation older than the French; the text says so.' })
  stale!: boolean;
  @Field(() => String, { description: 'What to send, as it is: fitted, with the link and the hashtags.' })
  text!: string;
  @Field(() => Int, { description: 'How long the text is, as that network counts.' })
  length!: number;
  @Field(() => Int, { description: 'How long it may be there.' })
  limit!: number;
  @Field(() => Int, { nullable: true, description: 'The parts that an SMS is paid as; null for the others.' })
  segments!: number | null;
  @Field(() => String, { description: 'The permalink of what it tells, another one for each: posts differ by it.' })
  url!: string;
  @Field(() => String, { nullable: true, description: 'A picture to send with it; null where the network takes none.' })
  imageUrl!: string | null;
  @Field(() => String, { nullable: true, description: 'What the picture shows, in words; null where there is none.' })
  imageAlt!: string | null;
}

@ObjectType('SocialPostConnection', { description: 'A page of posts, newest revision first.' })
export class SocialPostConnectionType {
  @Field(() => [SocialPostType], { description: 'The posts of this page.' })
  nodes!: object[];
  @Field(() => PageInfoType, { description: 'Whether the list goes on.' })
  pageInfo!: PageInfoType;
  @Field(() => CursorScalar, { description: 'The position in the journal that this answer shows: follow after it.' })
  asOf!: string;
}
