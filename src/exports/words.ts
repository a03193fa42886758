import type { EndingKind, Mode, PublicationKind, PublicState, Severity } from '../publications/vocabulary.ts';
import type { ReportState } from '../reports/report.rules.ts';

/** The words of the closed lists, for staff. */
export const WORD_OF: Readonly<
  Record<ReportState | PublicationKind | Mode | PublicState | Severity | EndingKind, string>
> = {
  NEW: 'Nouveau',
  CLAIMED: 'En vérification',
  CONFIRMED: 'Confirmé',
  PARTLY_CONFIRMED: 'Confirmé en partie',
  UNVERIFIABLE: 'Invérifiable',
  REFUTED: 'Réfuté',
  OUTDATED: 'Dépassé',
  ANSWERED: 'Répondu',
  DUPLICATE: 'Doublon',
  NOT_USEFUL: 'Sans utilité',
  ALERT: 'Alerte',
  ADVICE: 'Conseil',
  EVENT: 'Événement',
  CLOSURE: 'Fermeture de route',
  CORRECTION: 'Démenti',
  AID_POINT: 'Point d’accueil',
  ACTUAL: 'Réel',
  EXERCISE: 'Exercice',
  TEST: 'Test',
  UPCOMING: 'À venir',
  IN_FORCE: 'En vigueur',
  ENDED: 'Terminée',
  CANCELLED: 'Annulée',
  UNKNOWN: 'Inconnue',
  MINOR: 'Mineure',
  MODERATE: 'Modérée',
  SEVERE: 'Grave',
  EXTREME: 'Extrême',
  ALL_CLEAR: 'Fin d’alerte',
  EXPIRED: 'Échéance passée',
};
