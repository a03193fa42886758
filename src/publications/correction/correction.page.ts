import type { PageFace } from '../kind/page.ts';
import type { CorrectionDocument, Verdict } from './correction.content.ts';

const VERDICT: Record<Verdict, string> = {
  TRUE: 'C’est vrai',
  MOSTLY_TRUE: 'C’est plutôt vrai',
  PARTLY_TRUE: 'Ce n’est vrai qu’en partie',
  MISLEADING: 'C’est trompeur',
  FALSE: 'C’est faux',
  UNVERIFIABLE: 'Rien ne permet de le confirmer',
  OUTDATED: 'Ce n’est plus vrai',
  OUT_OF_CONTEXT: 'C’est hors contexte',
  SATIRE: 'C’est une plaisanterie',
};

export const correctionPage: PageFace<CorrectionDocument> = {
  heading: 'Rumeurs vérifiées',
  details: ({ verdict, claim, explanation, evidence }) => [
    { strong: VERDICT[verdict] },
    { fact: `Ce qui se dit : « ${claim} »` },
    { text: explanation },
    { title: 'Sources', items: evidence },
  ],
};
