import { FRENCH } from '../content/language.rules.ts';
import type { Seen } from '../kind/kind.ts';
import type { PageFace } from '../kind/page.ts';
import type { AidPointDocument } from './aid-point.content.ts';
import { donationsOf, hoursOf, offerOf, statusOf, whereIs } from './aid-point.text.ts';

export const aidPointPage: PageFace<AidPointDocument> = {
  heading: 'Lieux d’aide',
  overtakenHeadings: { SHUT: 'Lieux d’aide complets ou fermés' },
  atAGlance: (document) => [
    { strong: whereIs(document) },
    ...[...hoursOf(document, FRENCH, 'fr'), ...donationsOf(document, FRENCH, 'fr')].map((text) => ({ text })),
  ],
  details: (document) => offerOf(document, FRENCH, 'fr'),
};

/** The last observation of a place, in words. */
export function aidPointSeen(document: AidPointDocument): Seen | null {
  const status = statusOf(document, 'fr');
  const { at, note } = document.observed;
  return status && at ? { words: `Vu sur place : ${status.toLocaleLowerCase('fr')}`, at, note } : null;
}
