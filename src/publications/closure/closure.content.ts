import { z } from 'zod';
import { lineSchema, pointSchema } from '../../territory/geometry.rules.ts';
import { commonContent, optional, optionalId } from '../content/content.ts';
import { moment } from '../content/moment.ts';
import { plainLine, plainText } from '../content/text/plain-text.ts';
import { type Confirmable, decisionContent, legalOrderContent } from '../decision/decision.content.ts';
import type { Frozen, Public } from '../frozen.ts';

export const RESTRICTIONS = ['CLOSED', 'LANES_CLOSED', 'ALTERNATING', 'LOCAL_ACCESS_ONLY', 'PARKING_BAN'] as const;
export const DIRECTIONS = ['ONE_DIRECTION', 'BOTH_DIRECTIONS'] as const;
/** The states that an editor can see on the ground. */
export const SEEN_STATES = ['NOT_STARTED', 'IN_PLACE', 'REOPENED'] as const;

const road = z.object({ name: plainLine(200), number: optional(plainLine(20)), commune: optional(z.string()) });
const crossingPoint = z.object({ label: plainLine(200), point: pointSchema });

/** "From an hour before the start to a quarter of an hour after the end": how the window follows from the event's. */
const eventWindow = z.object({
  minutesBefore: z.int().min(0).max(1440),
  minutesAfter: z.int().min(0).max(1440),
});

/** A closed or restricted road: the planned window and the path, in the direction of traffic. */
export const closureContent = z
  .object({
    ...commonContent,
    roads: z.array(road).min(1, 'must name at least one road').max(50),
    path: lineSchema,
    direction: z.enum(DIRECTIONS),
    restriction: z.enum(RESTRICTIONS),
    cause: optional(plainLine(300)),
    startsAt: moment,
    endsAt: moment,
    detour: optional(z.object({ text: plainText(2000), path: optional(lineSchema) })),
    crossingPoints: optional(z.array(crossingPoint).max(100)).transform((list) => list ?? []),
    legalOrder: legalOrderContent,
    decision: decisionContent,
    eventId: optionalId,
    eventWindow: optional(eventWindow),
  })
  .transform(({ startsAt, endsAt, ...rest }) => ({ ...rest, plannedFrom: startsAt, plannedTo: endsAt }));
export type ClosureContent = z.output<typeof closureContent>;

/** The last observation of a closed road. The API answers null for UNKNOWN: nobody has looked yet. */
export type Observation =
  | { state: 'UNKNOWN'; at: null; note: null }
  | { state: (typeof SEEN_STATES)[number]; at: string; note: string | null };

export type ClosureDocument = Frozen &
  Public<ClosureContent> &
  Confirmable & { kind: 'CLOSURE'; observed: Observation };
