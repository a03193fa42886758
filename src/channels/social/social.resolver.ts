import { Arg, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { readFilter } from '../../board/filter/filter.read.ts';
import { PublicationFilter } from '../../board/filter/filter.types.ts';
import { pageRequest } from '../../board/page.rules.ts';
import { type PublicReads, page, type Shown, shown } from '../../board/public-reads.ts';
import { PageCursorScalar } from '../../graphql/scalars.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import { mapPage, type Page } from '../../paging/page.rules.ts';
import { LANGUAGES, LanguageTagScalar } from '../../publications/content/language.types.ts';
import type { PublicView } from '../../publications/document.ts';
import { PublicationType } from '../../publications/publication.types.ts';
import type { SocialNetwork } from './fitting/networks.ts';
import type { Post } from './posts/post.rules.ts';
import { postAbout } from './posts/posts.ts';
import { SocialNetworkEnum, SocialPostConnectionType, SocialPostType } from './social.types.ts';

type Connection = Page<Post<PublicView>> & Shown;

/** Posts for social networks, made of public documents: everybody may read them. */
@Resolver(() => SocialPostType)
export class SocialPostResolver {
  constructor(private readonly reads: PublicReads) {}

  @Query(() => SocialPostConnectionType, {
    nullable: true,
    description: 'What is public, ready for one network: one post for each publication, newest revision first.',
  })
  socialPosts(
    @Arg('where', () => PublicationFilter, { nullable: true, description: 'Which publications.' })
    where: PublicationFilter | null,
    @Arg('network', () => SocialNetworkEnum, { description: 'The network to write for.' }) network: SocialNetwork,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): Connection | Promise<Connection> {
    // Taken before the read: a client that follows after it gets an entry announced meanwhile again, and misses none.
    const standing = shown(this.reads);
    const filter = readFilter(where, this.reads.territory);
    const connect = (found: Page<PublicView>): Connection => ({
      ...mapPage(found, (document) => postAbout(this.reads, document, network, languages)),
      ...standing,
    });
    const found = page(this.reads, filter, pageRequest(first, after), 'newest');
    return found instanceof Promise ? found.then(connect) : connect(found);
  }

  @FieldResolver(() => PublicationType, { description: 'The publication that it is about.' })
  publication(@Root() post: Post<PublicView>): PublicView {
    return post.document;
  }
}
