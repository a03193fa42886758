import { instant } from '../../clock.ts';
import type { LintFinding } from '../content/lint.rules.ts';
import { type Kind, withoutReports } from '../kind/kind.ts';
import { type EventContent, type EventDocument, eventContent } from './event.content.ts';
import { eventLinkedData } from './event.linked-data.ts';
import { eventPost } from './event.post.ts';
import { delayedEvent } from './event.rules.ts';
import { eventText } from './event.text.ts';
import { droppedPassages, keyedLike, repeatedKeys } from './passage.rules.ts';

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
  settle: (content, territory, before) => ({
    ...content,
    passages: keyedLike(
      content.passages.map((passage) => ({
        ...passage,
        commune: passage.commune && (territory.byCode(passage.commune)?.code ?? passage.commune),
      })),
      before?.passages ?? [],
    ),
  }),
  faults: (content, territory) => [
    ...(content.areas.length === 0 ? [{ path: 'areas', message: 'an event needs at least one area' }] : []),
    ...(instant(content.endsAt) <= instant(content.startsAt)
      ? [{ path: 'endsAt', message: 'must lie after startsAt' }]
      : []),
    ...repeatedKeys(content.passages).map((index) => ({
      path: `passages.${index}.key`,
      message: 'must not be that of another passage',
    })),
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
  prose: ['organiser', 'passages.*.label'],
  references: () => [],
  carriedOver: ({ before, content, at }) => ({ droppedPassages: droppedPassages(before, content, at) }),
  apiForm: ({ droppedPassages: _calendars, ...event }) => event,
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
