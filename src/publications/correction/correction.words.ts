import type { InEachTongue } from '../content/tongue.ts';
import type { Verdict } from './correction.content.ts';

interface CorrectionWords {
  kind: string;
  claim(text: string): string;
  verdict(word: string): string;
  verdicts: Record<Verdict, string>;
  /** Posts begin with them, so that nobody reads the rumour alone. */
  postVerdicts: Record<Verdict, string>;
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
    postVerdicts: {
      TRUE: 'Rumeur vérifiée : c’est vrai',
      MOSTLY_TRUE: 'Rumeur vérifiée : c’est plutôt vrai',
      PARTLY_TRUE: 'Rumeur vérifiée : ce n’est vrai qu’en partie',
      MISLEADING: 'Rumeur vérifiée : c’est trompeur',
      FALSE: 'Rumeur vérifiée : c’est faux',
      UNVERIFIABLE: 'Rumeur vérifiée : rien ne permet de le confirmer',
      OUTDATED: 'Rumeur vérifiée : ce n’est plus vrai',
      OUT_OF_CONTEXT: 'Rumeur vérifiée : c’est hors contexte',
      SATIRE: 'Rumeur vérifiée : c’est une plaisanterie',
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
    postVerdicts: {
      TRUE: 'Rumour checked: true',
      MOSTLY_TRUE: 'Rumour checked: mostly true',
      PARTLY_TRUE: 'Rumour checked: only partly true',
      MISLEADING: 'Rumour checked: misleading',
      FALSE: 'Rumour checked: false',
      UNVERIFIABLE: 'Rumour checked: nothing confirms it',
      OUTDATED: 'Rumour checked: no longer true',
      OUT_OF_CONTEXT: 'Rumour checked: out of context',
      SATIRE: 'Rumour checked: a joke',
    },
  },
};
