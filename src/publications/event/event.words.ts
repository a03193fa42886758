import type { InEachTongue } from '../content/tongue.ts';
import type { EventContent } from './event.content.ts';

interface EventWords {
  kind: string;
  passages: string;
  status: Record<EventContent['eventStatus'], string>;
}

export const EVENT_WORDS: InEachTongue<EventWords> = {
  fr: {
    kind: 'Événement',
    passages: 'Passages prévus',
    status: {
      SCHEDULED: 'Événement',
      POSTPONED: 'Événement reporté',
      RESCHEDULED: 'Événement : nouvelle date',
      CANCELLED: 'Événement annulé',
    },
  },
  en: {
    kind: 'Event',
    passages: 'Expected times',
    status: {
      SCHEDULED: 'Event',
      POSTPONED: 'Event postponed',
      RESCHEDULED: 'Event: new date',
      CANCELLED: 'Event cancelled',
    },
  },
};
