import type { InEachTongue } from '../content/tongue.ts';

interface EventWords {
  kind: string;
  passages: string;
}

export const EVENT_WORDS: InEachTongue<EventWords> = {
  fr: { kind: 'Événement', passages: 'Passages prévus' },
  en: { kind: 'Event', passages: 'Expected times' },
};
