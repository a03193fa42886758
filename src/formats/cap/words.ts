import type {
  CATEGORIES,
  CERTAINTIES,
  Mode,
  RESPONSE_TYPES,
  Severity,
  URGENCIES,
} from '../../publications/vocabulary.ts';
import { VIGILANCE } from '../../publications/vocabulary.ts';

/** The namespace of CAP 1.2. */
export const CAP = 'urn:oasis:names:tc:emergency:cap:1.2';

type Word =
  | (typeof CATEGORIES)[number]
  | (typeof CERTAINTIES)[number]
  | (typeof RESPONSE_TYPES)[number]
  | (typeof URGENCIES)[number]
  | Severity
  | Mode;

/** A word of our lists as CAP spells it: ALL_CLEAR is AllClear, MET is Met; CBRNE alone is spelt in capitals. */
export const capWord = (word: Word): string =>
  word === 'CBRNE'
    ? word
    : word
        .split('_')
        .map((part) => `${part.slice(0, 1)}${part.slice(1).toLowerCase()}`)
        .join('');

const LEVELS = { GREEN: '1; green', YELLOW: '2; yellow', ORANGE: '3; orange', RED: '4; red' } as const;

/** MeteoAlarm's awareness level of a severity, such as `3; orange; Severe`. */
export const awarenessLevel = (severity: Severity): string => `${LEVELS[VIGILANCE[severity]]}; ${capWord(severity)}`;

/** The note of an exercise or a test beside its status, in French and in English; undefined in earnest. */
export const modeNote = (mode: Mode): string | undefined =>
  ({
    ACTUAL: undefined,
    EXERCISE: 'EXERCICE : ce message ne décrit aucun danger réel. EXERCISE: this message describes no real danger.',
    TEST: 'TEST : ce message est un essai technique. TEST: this message is a technical test.',
  })[mode];
