import type { InEachTongue } from '../content/tongue.ts';
import type { Severity } from '../vocabulary.ts';

interface AlertWords {
  kind: string;
  gravity: Record<Severity, string>;
}

export const ALERT_WORDS: InEachTongue<AlertWords> = {
  fr: {
    kind: 'Alerte',
    gravity: {
      EXTREME: 'Vigilance rouge',
      SEVERE: 'Vigilance orange',
      MODERATE: 'Vigilance jaune',
      MINOR: 'Vigilance verte',
      UNKNOWN: 'Gravité inconnue',
    },
  },
  en: {
    kind: 'Alert',
    gravity: {
      EXTREME: 'Red vigilance',
      SEVERE: 'Orange vigilance',
      MODERATE: 'Yellow vigilance',
      MINOR: 'Green vigilance',
      UNKNOWN: 'Severity unknown',
    },
  },
};
