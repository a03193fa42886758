import { instant } from '../../clock.ts';
import type { LintFinding } from '../content/lint.rules.ts';
import { type Kind, withoutReports } from '../kind/kind.ts';
import { type EventContent, type EventDocument, eventContent } from './event.content.ts';
import { eventLinkedData } from './event.linked-data.ts';
import { eventPost } from './event.post.ts';
import { delayedEvent } from './event.rules.ts';
import { eventText } from './event.text.ts';

const alreadyOver = (content: EventContent, now: Date): LintFinding[] =>
  instant(content.endsAt) > now.getTime()
    ? []
    : [{ rule: 'I-07', level: 'ERROR', path: 'endsAt', message: 'La fin de l’événement est déjà passée.' }];

export const event: Kind<EventContent, EventDocument> = {
  name: 'EVENT',
  noun: 'Event',
  typeName: 'EventPublication',
  meaning: 'A public happening: a race, a festival.',
  schema: eventContent,
  settle: (content, territory) => ({
    ...content,
    passages: content.passages.map((passage) => ({
      ...passage,
      commune: passage.commune && (territory.byCode(passage.commune)?.code ?? passage.commune),
    })),
  }),
  faults: (content, territory) => [
    ...(content.areas.length === 0 ? [{ path: 'areas', message: 'an event needs at least one area' }] : []),
    ...(instant(content.endsAt) <= instant(content.startsAt)
      ? [{ path: 'endsAt', message: 'must lie after startsAt' }]
      : []),
    ...content.passages.flatMap(({ commune, expectedFrom, expectedTo }, index) => [
      ...(commune && !territory.byCode(commune)
        ? [
            {
              path: `passages.${index}.commune`,
              message: `${commune} is not the INSEE code of a commune of the Essonne`,
            },
          ]
        : []),
      ...(expectedTo && instant(expectedTo) < instant(expectedFrom)
        ? [{ path: `passages.${index}.expectedTo`, message: 'must not lie before expectedFrom' }]
        : []),
    ]),
  ],
  window: ({ startsAt, endsAt }) => ({ startsAt, endsAt }),
  danger: () => null,
  lint: alreadyOver,
  graver: (before, after) => before.eventStatus !== after.eventStatus && after.eventStatus !== 'SCHEDULED',
  published: withoutReports,
  references: () => [],
  carriedOver: () => ({}),
  calendarEvent: (document) => document,
  delayed: delayedEvent,
  situation: {
    field: 'events',
    description: 'Soonest first.',
    select: ({ list }) => list('EVENT', 'soonest', 'here'),
  },
  page: { heading: 'Événements', details: () => [] },
  text: eventText,
  post: eventPost,
  linkedData: eventLinkedData,
};
