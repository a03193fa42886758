import { z } from 'zod';
import { geometrySchema } from '../../territory/geometry.rules.ts';
import { commonContent, optional } from '../content/content.ts';
import { moment } from '../content/moment.ts';
import { plainLine } from '../content/text/plain-text.ts';
import type { Frozen, Public } from '../frozen.ts';

export const EVENT_STATUSES = ['SCHEDULED', 'POSTPONED', 'RESCHEDULED', 'CANCELLED'] as const;

const passage = z.object({
  label: plainLine(300),
  commune: optional(z.string()),
  expectedFrom: moment,
  expectedTo: optional(moment),
  geometry: optional(geometrySchema),
});

/** A public happening: when, where, and the moments at which it passes each place. */
export const eventContent = z.object({
  ...commonContent,
  startsAt: moment,
  endsAt: moment,
  eventStatus: z.enum(EVENT_STATUSES).default('SCHEDULED'),
  organiser: optional(plainLine(200)),
  passages: optional(z.array(passage).max(200)).transform((list) => list ?? []),
});
export type EventContent = z.output<typeof eventContent>;

export type EventDocument = Frozen & Public<EventContent> & { kind: 'EVENT' };
