import type { CallReason } from '../../calling/call.rules.ts';
import { parisTime } from '../../clock.ts';
import type { Letter } from '../../mail/letter.rules.ts';
import { FRENCH } from '../../publications/content/language.rules.ts';
import type { Mode, Severity } from '../../publications/vocabulary.ts';
import { spacedCode } from '../contact.rules.ts';

/** The hub by its short name: a message shows on a locked screen, and wakes a person who has to know at once who writes. */
export const HUB_NAME = 'Tocsin 91';

const MODE_WORDS: Readonly<Record<Mode, string>> = { ACTUAL: '', EXERCISE: 'EXERCICE ', TEST: 'ESSAI ' };

/** The wish of a call to whomever it rings, by its reason. */
export const WANTED: Readonly<Record<CallReason, string>> = {
  REVIEW: 'relecture demandée',
  SIGNATURE: 'signature demandée',
  COSIGN: 'seconde signature demandée',
  ESCALATED: 'signalement à traiter',
  FLASH: 'flash, vie en danger, répondez',
  ENDS_SOON: 'une alerte finit, à renouveler ou non',
  DECISION_UNCONFIRMED: 'un ordre oral attend son acte',
  INSTITUTIONS_UNREAD: 'des destinataires n’ont pas lu, à appeler',
  SITREP_DUE: 'point de situation à faire',
  SOURCE_FAULT: 'une source est muette',
  ROSTER_HOLE: 'tableau de garde incomplet',
  HUB_FAULT: 'panne de la plateforme',
  RULE_UNMEETABLE: 'règle de signature à revoir',
  TEST: 'essai d’appel',
};

const GRAVITY: Readonly<Record<Severity, string>> = {
  EXTREME: ', gravité extrême',
  SEVERE: ', gravité forte',
  MODERATE: ', gravité modérée',
  MINOR: ', gravité mineure',
  UNKNOWN: '',
};

/** A call as far as its message tells of it. */
export interface ToldCall {
  reason: CallReason;
  mode: Mode;
  severity: Severity | null;
  /** When others are rung. */
  nextAt: Date;
}

/** As “03 h 42”, in Paris. */
const hourOf = (at: Date): string => parisTime(at).slice(11, 16).replace(':', ' h ');

/**
 * The whole message of a call but its link. It is a postcard: it names no place, hazard, headline, report or person, since an
 * evacuation that is not public yet is a secret (I-59).
 */
export function callWords({ reason, mode, severity, nextAt }: ToldCall): string {
  const gravity = severity === null ? '' : GRAVITY[severity];
  return `${MODE_WORDS[mode]}${HUB_NAME} : ${WANTED[reason]}${gravity}. Avant ${hourOf(nextAt)}.`;
}

/** The message of several calls that were held back, as one: its link leads to the first one. */
export const severalWords = (mode: Mode, count: number): string =>
  `${MODE_WORDS[mode]}${HUB_NAME} : ${count} appels vous attendent.`;

/** Where the link of a message leads. */
export const callLink = (publicUrl: string, key: string): string => `${publicUrl}/desk/a/${key}`;

/** A letter of the hub to one of its own people: words alone, and no list to leave. */
const plainLetter = (letter: Pick<Letter, 'id' | 'to' | 'subject' | 'text' | 'at'>): Letter => ({
  ...letter,
  html: null,
  language: FRENCH,
  follows: [],
  leaveUrl: null,
});

interface Addressed {
  id: string;
  address: string;
  createdAt: Date;
}

/** The letter of a call: the same, byte for byte, at each attempt. */
export const callLetter = ({ id, address: to, createdAt: at }: Addressed, words: string, link: string): Letter =>
  plainLetter({ id: `call.${id}`, to, subject: words, text: `${words} ${link}\n`, at });

/** The letter with a code. Each attempt has a code of its own, and so is a letter of its own. */
export const codeLetter = ({ id, address: to, createdAt: at }: Addressed, code: string): Letter =>
  plainLetter({
    id: `code.${id}`,
    to,
    subject: `${HUB_NAME} : votre code`,
    text: `${HUB_NAME} : votre code est ${spacedCode(code)}. Il vaut 15 minutes. Si vous n’avez rien demandé, ne faites rien.\n`,
    at,
  });
