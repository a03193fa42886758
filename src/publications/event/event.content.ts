import { z } from 'zod';
import { geometrySchema } from '../../territory/geometry.rules.ts';
import { commonContent, optional } from '../content/content.ts';
import { moment } from '../content/moment.ts';
import { plainLine } from '../content/text/plain-text.ts';
import type { Frozen, Public } from '../frozen.ts';

export const EVENT_STATUSES = ['SCHEDULED', 'POSTPONED', 'RESCHEDULED', 'CANCELLED'] as const;

const passage = z.object({
  /** Names it within its event, whatever becomes of its words; the hub gives one where none is given. */
  key: optional(z.string().regex(/^[0-9a-z-]{1,40}$/, 'must be the key of a passage, as Passage.key gives it')),
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

export type Passage = EventContent['passages'][number];

/** A passage that a revision left out, and when. RFC 3339. */
export interface DroppedPassage extends Keyed<Passage> {
  droppedAt: string;
}

/** With its key: what was written before passages had keys has none of its own. */
export type Keyed<P> = Omit<P, 'key'> & { key: string };

export type EventDocument = Frozen &
  Public<EventContent> & {
    kind: 'EVENT';
    /** Those of the last day before the revision; absent from documents that are older than passages' keys. */
    droppedPassages?: readonly DroppedPassage[];
  };
