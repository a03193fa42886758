import { Field, Int, ObjectType } from 'type-graphql';
import { UrlScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import { LanguageTagScalar } from '../../publications/content/language.types.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { graphqlEnum } from '../../publications/enum.types.ts';
import { PublicationType } from '../../publications/publication.types.ts';
import { GROUND_MEANINGS, NEWS_PHASES, type NewsPhase } from '../../publications/vocabulary.ts';
import { NETWORK_ROWS, NETWORKS, type SocialNetwork } from './fitting/networks.ts';

const descriptions = Object.fromEntries(
  NETWORKS.map((network) => [network, NETWORK_ROWS[network].description]),
) as Record<SocialNetwork, string>;
export const SocialNetworkEnum = graphqlEnum('SocialNetwork', NETWORKS, 'Where a post can be sent.', descriptions);

export const PostPhaseEnum = graphqlEnum('PostPhase', NEWS_PHASES, 'What a post says about a publication.', {
  REVISION: 'What the revision says.',
  ...GROUND_MEANINGS,
  ALL_CLEAR: 'The danger is over.',
  CANCELLED: 'It was withdrawn.',
  LEFT: 'It no longer concerns the place that was asked for, or is less grave. In feeds and webhooks alone.',
});

@ObjectType('SocialPost', { description: 'A publication as a post for one network, ready to be sent.' })
export class SocialPostType {
  @Field(() => SocialNetworkEnum, { description: 'The network that it was made for.' })
  network!: SocialNetwork;
  @Field(() => PublicationType, { description: 'The publication that it is about.' })
  publication!: PublicDocument;
  @Field(() => Int, { description: 'The number of the revision that it is about.' })
  revision!: number;
  @Field(() => PostPhaseEnum, { description: 'What it says: that revision, or what happened to it since.' })
  phase!: NewsPhase;
  @Field(() => LanguageTagScalar, {
    description: 'The language of its words: the first of those asked for that there is.',
  })
  language!: string;
  @Field(() => Boolean, { description: 'True for a translation older than the French; the text says so.' })
  outdated!: boolean;
  @Field(() => String, { description: 'What to send, as it is: fitted, with the link and the hashtags.' })
  text!: string;
  @Field(() => Int, { description: 'How long the text is, as that network counts.' })
  length!: number;
  @Field(() => Int, { description: 'The longest text that the network takes.' })
  limit!: number;
  @Field(() => Int, { nullable: true, description: 'How many parts an SMS is charged as; null for other networks.' })
  segments!: number | null;
  @Field(() => UrlScalar, { description: 'The permalink of what it says; no two different posts have the same.' })
  url!: string;
  @Field(() => UrlScalar, {
    nullable: true,
    description: 'A picture to send with it; null where the network takes none.',
  })
  imageUrl!: string | null;
  @Field(() => String, { nullable: true, description: 'What the picture shows, in words; null where there is none.' })
  imageAlt!: string | null;
}

export const SocialPostConnectionType = connectionOf('SocialPost', () => SocialPostType, {
  description: 'A page of posts, newest revision first.',
  nodes: 'The posts of this page.',
  isPublic: true,
});
