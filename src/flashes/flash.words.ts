import { formatHour } from '../publications/content/date-time.ts';
import type { Mode } from '../publications/vocabulary.ts';
import type { FlashAnswer } from './flash.rules.ts';

/** Beside every button, and in the answer to every flash. */
export const REPLACES_NOTHING =
  'Ce signalement ne remplace ni le 18, ni le 112, ni le 114. Si une personne est en danger maintenant, appelez d’abord.';

export const NOBODY_ANSWERED = 'Personne au Sdis n’a répondu : téléphonez';
export const NOBODY_ON_DUTY = 'Personne au Sdis n’est de garde : téléphonez';

/** Said of a flash until its report was confirmed. */
export const NOT_VERIFIED = 'NON VÉRIFIÉ';

/** The answers of the Sdis in the words of staff, before the hour. */
const ANSWERED: Readonly<Record<FlashAnswer, string>> = {
  TAKEN: 'pris en compte par le Sdis',
  KNOWN_ALREADY: 'déjà connu du Sdis',
  NOT_FOUND: 'lieu introuvable pour le Sdis',
  NOT_FOR_US: 'ne relève pas du Sdis',
};

/** An answer of the Sdis with its hour: "pris en compte par le Sdis à 14 h 07". */
export const answerInFrench = (answer: FlashAnswer, at: string): string =>
  `${ANSWERED[answer]} à ${formatHour('fr', at)}`;

/** A flash as far as it is told in one line. */
export interface ToldFlash {
  mode: Mode;
  sentAt: string;
  hasContact: boolean;
  escalated: boolean;
  answer: FlashAnswer | null;
  answeredAt: string | null;
  withdrawnAt: string | null;
}

const begun = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Where a flash stands, in the words of staff. It never says that help was told: what was handed to a machine was sent, and only
 * a person takes it into account.
 */
export const flashNotice = (flash: ToldFlash): string =>
  `${flash.mode === 'ACTUAL' ? '' : 'EXERCICE. '}${noticeOf(flash)}`;

function noticeOf({ sentAt, hasContact, escalated, answer, answeredAt, withdrawnAt }: ToldFlash): string {
  if (withdrawnAt) return `Retiré à ${formatHour('fr', withdrawnAt)}`;
  if (answer && answeredAt) return begun(answerInFrench(answer, answeredAt));
  if (!hasContact) return NOBODY_ON_DUTY;
  return escalated ? NOBODY_ANSWERED : `Envoyé à ${formatHour('fr', sentAt)}`;
}
