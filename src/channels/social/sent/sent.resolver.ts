import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { DossierType } from '../../../editorial/dossier/dossier.types.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Office } from '../../../office/office.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { readPermalink } from '../../../publications/permalink.rules.ts';
import type { SocialNetwork } from '../fitting/networks.ts';
import { SocialNetworkEnum } from '../social.types.ts';
import { acknowledgePost } from './acknowledge.commands.ts';
import { behindIn, outdatedPosts, postsAbout, type SentPost, sentPost } from './sent.queries.ts';
import { SentPostType } from './sent.types.ts';

/** What a dossier is to this resolver; whoever may not see dossiers never gets one. */
interface Working {
  file: { live: PublicDocument | null };
}

/** Where posts went, and what still tells something outdated. */
@Resolver(() => DossierType)
export class SentPostResolver {
  constructor(private readonly office: Office) {}

  @Mutation(() => SentPostType, {
    description: 'Tells the desk where a post went. The same again changes nothing. For schedulers.',
  })
  async acknowledgePost(
    @Ctx() { actor }: Context,
    @Arg('network', () => SocialNetworkEnum, { description: 'Where it was sent.' }) network: SocialNetwork,
    @Arg('post', () => String, { description: 'What it tells: the url of the SocialPost, which its text holds.' })
    post: string,
    @Arg('url', () => String, { description: 'Where it stands now: an absolute http or https address.' }) url: string,
  ): Promise<SentPost> {
    const subject = readPermalink(post)?.publication;
    const deed = { action: 'acknowledgePost', ...(subject ? { subject } : {}) } as const;
    const { id } = await this.office.run(actor, deed, (work) => acknowledgePost(work, { network, post, url }));
    return sentPost(this.office.read(), { id, network, url });
  }

  @Query(() => [SentPostType], {
    description:
      'Of each thread and network the newest post, where it no longer tells what is public; of the last 30 days, newest first. For staff and schedulers.',
  })
  outdatedPosts(@Ctx() { actor }: Context): Promise<SentPost[]> {
    return outdatedPosts(this.office.read(), actor, this.office.now);
  }

  @FieldResolver(() => [SentPostType], {
    description:
      'Where posts about what is public of it stand, newest first; of one that was edited, what it tells now.',
  })
  posts(@Root() { file }: Working): Promise<SentPost[]> | SentPost[] {
    return file.live ? postsAbout(this.office.read(), file.live) : [];
  }

  @FieldResolver(() => [SocialNetworkEnum], {
    description: 'The networks whose newest post no longer tells what is public.',
  })
  async outdatedNetworks(@Root() working: Working): Promise<SocialNetwork[]> {
    return behindIn(await this.posts(working));
  }
}
