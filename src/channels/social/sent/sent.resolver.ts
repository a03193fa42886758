import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { DossierType } from '../../../editorial/dossier/dossier.types.ts';
import type { Context } from '../../../graphql/context.ts';
import { PayloadMutation } from '../../../graphql/payload.types.ts';
import { PageCursorScalar, UrlScalar } from '../../../graphql/scalars.ts';
import type { Office } from '../../../office/office.ts';
import { AFTER, firstUpTo } from '../../../paging/connection.types.ts';
import type { Page } from '../../../paging/page.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { readPermalink } from '../../../publications/permalink.rules.ts';
import type { SocialNetwork } from '../fitting/networks.ts';
import { SocialNetworkEnum } from '../social.types.ts';
import { acknowledgePost } from './acknowledge.commands.ts';
import type { SentPostLoaders } from './sent.loaders.ts';
import { newestOutdated, outdatedPostsPage, type SentPost, sentPost } from './sent.queries.ts';
import { SentPostConnectionType, SentPostType } from './sent.types.ts';

const SENT_POST = { sentPost: { type: () => SentPostType, description: 'The post as it then stood.' } };

/** The part of a dossier that this resolver needs; a caller who may not see dossiers never gets one. */
interface Working {
  live: PublicDocument | null;
}

/** Where posts went, and which of them are outdated. */
@Resolver(() => DossierType)
export class SentPostResolver {
  constructor(
    private readonly office: Office,
    private readonly loaders: SentPostLoaders,
  ) {}

  @PayloadMutation(SENT_POST, {
    description: 'Records where a post was sent. Sending the same again changes nothing. For schedulers.',
  })
  async acknowledgePost(
    @Ctx() { actor }: Context,
    @Arg('network', () => SocialNetworkEnum, { description: 'The network that it was sent to.' })
    network: SocialNetwork,
    @Arg('post', () => UrlScalar, { description: 'The post: the url of the SocialPost, which its text contains.' })
    post: string,
    @Arg('url', () => UrlScalar, { description: 'The address of the post on the network: absolute, http or https.' })
    url: string,
  ): Promise<{ sentPost: () => Promise<SentPost> }> {
    const subject = readPermalink(post)?.publication;
    const deed = { action: 'acknowledgePost', ...(subject ? { subject } : {}) } as const;
    const { id } = await this.office.run(actor, deed, (work) => acknowledgePost(work, { network, post, url }));
    return { sentPost: () => sentPost(this.office.read(), { id, network, url }) };
  }

  @Query(() => SentPostConnectionType, {
    nullable: true,
    description:
      'The newest post of each publication and network, where it no longer says what is public; from the last 30 days, newest first. For staff and schedulers.',
  })
  outdatedPosts(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<SentPost>> {
    return outdatedPostsPage(this.office.read(), actor, { first, after }, this.office.now);
  }

  @FieldResolver(() => [SentPostType], {
    description: 'The posts about its publication, newest first; of a post that was edited, what it says now.',
  })
  posts(@Ctx() { load }: Context, @Root() { live }: Working): Promise<SentPost[]> | SentPost[] {
    return live ? load(this.loaders.about).load(live) : [];
  }

  @FieldResolver(() => [SocialNetworkEnum], {
    description: 'The networks whose newest post no longer says what is public.',
  })
  async outdatedNetworks(@Ctx() context: Context, @Root() working: Working): Promise<SocialNetwork[]> {
    return newestOutdated(await this.posts(context, working)).map(({ network }) => network);
  }
}
