import { tongueFor } from '../content/tongue.ts';
import { type LinkedDataSetting, publishedBy, type Thing } from '../kind/linked-data.ts';
import type { CorrectionDocument } from './correction.content.ts';
import { ratingOf } from './correction.rules.ts';
import { CORRECTION_WORDS } from './correction.words.ts';

/** A ClaimReview. A correction that was withdrawn reviews nothing any more, and is a CreativeWork. */
export const correctionLinkedData = (document: CorrectionDocument, { language }: LinkedDataSetting): Thing =>
  document.cancelled
    ? { '@type': 'CreativeWork', creativeWorkStatus: 'Withdrawn', expires: document.cancelled.at }
    : {
        '@type': 'ClaimReview',
        claimReviewed: document.claim,
        reviewBody: document.explanation,
        author: publishedBy(document),
        itemReviewed: { '@type': 'Claim', name: document.claim },
        reviewRating: rated(document, language),
        citation: document.evidence.map(({ label, url }) => ({ '@type': 'CreativeWork', name: label, url })),
      };

function rated({ verdict }: CorrectionDocument, language: string): object {
  const rating = ratingOf(verdict);
  return {
    '@type': 'Rating',
    alternateName: CORRECTION_WORDS[tongueFor(language)].verdicts[verdict],
    // Verdicts outside the scale have words alone.
    ...(rating === null ? {} : { ratingValue: rating, bestRating: 5, worstRating: 1 }),
  };
}
