import type { PublicReads } from '../../../board/public-reads.ts';
import { keptParts } from '../../../formats/kept-parts.ts';
import { FRENCH } from '../../../publications/content/language.rules.ts';
import { firstText } from '../../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import type { Departed } from '../../../publications/ending/departed.rules.ts';
import type { SocialNetwork } from '../fitting/networks.ts';
import { makePost, type Post } from './post.rules.ts';

// A document is immutable, so its posts are made once, and are forgotten with it.
const posts = keptParts<PublicDocument, Post>();

/** The post about a document as it stands now, in the first of these languages that there is (BCP 47), else in French. */
export function postAbout<D extends PublicDocument>(
  { board, territory, publicUrl }: Pick<PublicReads, 'board' | 'territory' | 'publicUrl'>,
  document: D,
  network: SocialNetwork,
  languages: readonly string[],
  departed?: Departed,
): Post<D> {
  const state = board.state(document);
  const { texts } = (departed ? null : document.allClear) ?? document;
  const language = firstText(texts, languages)?.language ?? FRENCH;
  const make = (): Post<D> => makePost(document, network, { territory, publicUrl, state, language, departed });
  // Readers choose freely which communes a publication has left: so many posts must not be kept.
  if (departed) return make();
  // Made of this very document.
  return posts(document, [network, language, state, publicUrl].join(' '), make) as Post<D>;
}
