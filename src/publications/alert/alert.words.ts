import type { InEachTongue } from '../content/tongue.ts';
import type { Severity } from '../vocabulary.ts';

interface AlertWords {
  kind: string;
  gravity: Record<Severity, string>;
  /** Posts begin with it. */
  postGravity: Record<Severity, string>;
  /** The end of a danger, by its gravity. */
  gravityOver: Record<Severity, string>;
  withdrawn: string;
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
    postGravity: {
      EXTREME: 'Vigilance rouge',
      SEVERE: 'Vigilance orange',
      MODERATE: 'Vigilance jaune',
      MINOR: 'Vigilance verte',
      UNKNOWN: 'Alerte, gravité inconnue',
    },
    gravityOver: {
      EXTREME: 'Fin de la vigilance rouge',
      SEVERE: 'Fin de la vigilance orange',
      MODERATE: 'Fin de la vigilance jaune',
      MINOR: 'Fin de la vigilance verte',
      UNKNOWN: 'Fin de l’alerte, gravité inconnue',
    },
    withdrawn: 'Alerte annulée',
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
    postGravity: {
      EXTREME: 'Red alert',
      SEVERE: 'Orange alert',
      MODERATE: 'Yellow alert',
      MINOR: 'Green notice',
      UNKNOWN: 'Alert, gravity unknown',
    },
    gravityOver: {
      EXTREME: 'Red alert over',
      SEVERE: 'Orange alert over',
      MODERATE: 'Yellow alert over',
      MINOR: 'Green notice over',
      UNKNOWN: 'Alert over, gravity unknown',
    },
    withdrawn: 'Alert cancelled',
  },
};
