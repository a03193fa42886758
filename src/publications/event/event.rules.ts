import { movedBy } from '../content/moment.ts';
import type { EventContent } from './event.content.ts';

/** An event that takes place some minutes later, or earlier where they are negative. */
export const delayedEvent = (event: EventContent, minutes: number): EventContent => ({
  ...event,
  eventStatus: 'RESCHEDULED',
  startsAt: movedBy(event.startsAt, minutes),
  endsAt: movedBy(event.endsAt, minutes),
  passages: event.passages.map((passage) => ({
    ...passage,
    expectedFrom: movedBy(passage.expectedFrom, minutes),
    expectedTo: passage.expectedTo && movedBy(passage.expectedTo, minutes),
  })),
});
