import type { TextContent } from '../content/content.ts';
import type { PostFace, PostNews, PostPart, PostText } from '../kind/post.ts';
import type { CorrectionDocument } from './correction.content.ts';
import { CORRECTION_WORDS } from './correction.words.ts';

export const correctionPost: PostFace<CorrectionDocument> = {
  subject: ({ verdict }, { tongue }) => ({ what: CORRECTION_WORDS[tongue].postVerdicts[verdict], about: [] }),
  words,
  tags: () => ['StopRumeur'],
};

/** The rumour never stands as if it were so: the verdict leads, and what repeats the claim stands whole or not at all. */
function words(document: CorrectionDocument, text: TextContent, { phase, tongue }: PostNews): PostText {
  const claim = letters(document.claim);
  const repeats = (said: string) => letters(said).includes(claim) || claim.includes(letters(said));
  // The explanation is written in French alone.
  const explanation = tongue === 'fr' && phase === 'REVISION' ? document.explanation : '';
  const body = [...new Set([explanation, text.description])];
  return {
    headline: repeats(text.headline) ? '' : text.headline,
    body: body.map(
      (said): PostPart =>
        repeats(said) ? { text: said, cut: null, repeatsRumour: true } : { text: said, cut: 'word' },
    ),
  };
}

const letters = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
