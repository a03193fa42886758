import { z } from 'zod';
import { instant } from '../../clock.ts';
import { geometrySchema, lineSchema } from '../../territory/geometry.rules.ts';
import { commonContent, optional, optionalId } from '../content/content.ts';
import { moment } from '../content/moment.ts';
import { plainText, webAddress } from '../content/plain-text.ts';
import { type Kind, withoutReports } from '../kind.ts';

export const RESTRICTIONS = ['CLOSED', 'LANES_CLOSED', 'ALTERNATING', 'LOCAL_ACCESS_ONLY', 'PARKING_BAN'] as const;
export const DIRECTIONS = ['ONE_DIRECTION', 'BOTH_DIRECTIONS'] as const;
export const OBSERVED_STATES = ['NOT_STARTED', 'IN_PLACE', 'REOPENED', 'UNKNOWN'] as const;

const road = z.object({ name: plainText(200), number: optional(plainText(20)), commune: optional(z.string()) });
const crossingPoint = z.object({ label: plainText(200), point: geometrySchema });
const legalOrder = z.object({ number: plainText(100), authority: plainText(200), url: optional(webAddress) });

/** "From an hour before the start to a quarter of an hour after the end": how the window follows from the event's. */
const eventWindow = z.object({
  minutesBefore: z.int().min(0).max(1440),
  minutesAfter: z.int().min(0).max(1440),
});

/** A closed or restricted road: the planned window and the path, in the direction of traffic. */
export const closureContent = z.object({
  ...commonContent,
  roads: z.array(road).min(1, 'must name at least one road').max(50),
  path: lineSchema,
  direction: z.enum(DIRECTIONS),
  restriction: z.enum(RESTRICTIONS),
  cause: optional(plainText(300)),
  plannedFrom: moment,
  plannedTo: moment,
  detour: optional(z.object({ text: plainText(2000), path: optional(lineSchema) })),
  crossingPoints: optional(z.array(crossingPoint).max(100)).transform((list) => list ?? []),
  legalOrder: optional(legalOrder),
  eventId: optionalId,
  eventWindow: optional(eventWindow),
});
export type ClosureContent = z.output<typeof closureContent>;

const roadLabel = ({ name, number }: ClosureContent['roads'][number]): string =>
  number ? `${number} (${name})` : name;

export const closure: Kind<ClosureContent> = {
  name: 'CLOSURE',
  schema: closureContent,
  // A closure has one area, its path: what it touches follows from there.
  settle: (content, territory) => ({
    ...content,
    roads: content.roads.map((road) => ({
      ...road,
      commune: road.commune && (territory.byCode(road.commune)?.code ?? road.commune),
    })),
    areas: [
      {
        description: content.roads.map(roadLabel).join(', '),
        communes: territory.communesTouching(content.path).map(({ code }) => code),
        geometry: content.path,
      },
    ],
  }),
  faults: (content, territory) => [
    ...(content.eventWindow && !content.eventId
      ? [{ path: 'eventWindow', message: 'needs an eventId: it is counted from that event' }]
      : []),
    ...(instant(content.plannedTo) <= instant(content.plannedFrom)
      ? [{ path: 'plannedTo', message: 'must lie after plannedFrom' }]
      : []),
    ...content.roads.flatMap(({ commune }, index) =>
      commune && !territory.byCode(commune)
        ? [{ path: `roads.${index}.commune`, message: `${commune} is not the INSEE code of a commune of the Essonne` }]
        : [],
    ),
    ...content.crossingPoints.flatMap(({ point }, index) =>
      point.type === 'Point' ? [] : [{ path: `crossingPoints.${index}.point`, message: 'must be a GeoJSON Point' }],
    ),
  ],
  window: ({ plannedFrom, plannedTo }) => ({ startsAt: plannedFrom, endsAt: plannedTo }),
  severity: () => null,
  lint: (content, now) =>
    instant(content.plannedTo) > now.getTime()
      ? []
      : [{ rule: 'I-07', level: 'ERROR', path: 'plannedTo', message: 'La fin de la fermeture est déjà passée.' }],
  graver: (before, after) => after.restriction === 'CLOSED' && before.restriction !== 'CLOSED',
  published: withoutReports,
};
