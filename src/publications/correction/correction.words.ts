import type { InEachTongue } from '../content/tongue.ts';
import type { Verdict } from './correction.content.ts';

interface CorrectionWords {
  kind: string;
  claim(text: string): string;
  verdict(word: string): string;
  verdicts: Record<Verdict, string>;
}

export const CORRECTION_WORDS: InEachTongue<CorrectionWords> = {
  fr: {
    kind: 'Rumeur vérifiée',
    claim: (text) => `Ce qui circule : « ${text} »`,
    verdict: (word) => `Verdict : ${word}`,
    verdicts: {
      TRUE: 'vrai',
      MOSTLY_TRUE: 'plutôt vrai',
      PARTLY_TRUE: 'en partie vrai',
      MISLEADING: 'trompeur',
      FALSE: 'faux',
      UNVERIFIABLE: 'invérifiable',
      OUTDATED: 'dépassé',
      OUT_OF_CONTEXT: 'hors contexte',
      SATIRE: 'satire',
    },
  },
  en: {
    kind: 'Rumour checked',
    claim: (text) => `What is being said: “${text}”`,
    verdict: (word) => `Verdict: ${word}`,
    verdicts: {
      TRUE: 'true',
      MOSTLY_TRUE: 'mostly true',
      PARTLY_TRUE: 'partly true',
      MISLEADING: 'misleading',
      FALSE: 'false',
      UNVERIFIABLE: 'unverifiable',
      OUTDATED: 'outdated',
      OUT_OF_CONTEXT: 'out of context',
      SATIRE: 'satire',
    },
  },
};
