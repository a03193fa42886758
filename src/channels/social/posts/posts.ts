import type { PublicReads } from '../../../board/public-reads.ts';
import { bestText } from '../../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import type { SocialNetwork } from '../fitting/networks.ts';
import { makePost, type Post } from './post.rules.ts';

// A document is immutable, so its posts are made once, and are forgotten with it.
const made = new WeakMap<PublicDocument, Map<string, Post>>();

/** The post about a document as it stands now, in the language asked for or the nearest to it (BCP 47). */
export function postAbout(
  { board, territory, publicUrl }: Pick<PublicReads, 'board' | 'territory' | 'publicUrl'>,
  document: PublicDocument,
  network: SocialNetwork,
  wished: string,
): Post {
  const state = board.state(document);
  const language = bestText((document.allClear ?? document).texts, wished)?.language ?? wished;
  const posts = made.get(document) ?? new Map<string, Post>();
  made.set(document, posts);
  const key = [network, language, state, publicUrl].join(' ');
  const post = posts.get(key) ?? makePost(document, network, { territory, publicUrl, state, language });
  posts.set(key, post);
  return post;
}
