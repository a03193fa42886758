import type { PublicReads } from '../../board/public-reads.ts';
import { FRENCH } from '../../publications/content/language.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { postWords } from '../social/posts/words.ts';
import { cardAlt, cardContent } from './card.rules.ts';
import { cardPath } from './card-address.rules.ts';

/** The French card of a document, for previews of links: its absolute address, and its alternative text. */
export const pictureOf =
  (reads: PublicReads) =>
  (document: PublicDocument): { url: string; alt: string } => ({
    url: `${reads.publicUrl}${cardPath(document, FRENCH, 'wide')}`,
    alt: cardAlt(cardContent(document, reads.territory, FRENCH, 'wide'), postWords(FRENCH)),
  });
