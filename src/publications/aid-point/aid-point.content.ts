import { z } from 'zod';
import { pointSchema } from '../../territory/geometry.rules.ts';
import { apiWords } from '../content/api-words.ts';
import { commonContent, inLanguages, optional } from '../content/content.ts';
import { languageTag } from '../content/language.rules.ts';
import { moment } from '../content/moment.ts';
import { plainLine, plainText } from '../content/text/plain-text.ts';
import type { Frozen, Public } from '../frozen.ts';

/**
 * The needs that a place answers. Most are the tasks of a French reception centre (CARE, "centre d'accueil et de
 * regroupement": ORSEC guide G.2 "Soutien des populations", 2009: reception, registration, food, clothing, shelter,
 * equipment (CAMA), help with papers (CISA), psychological support (CUMP)). OpenStreetMap has tags for the same:
 * `social_facility=shelter|soup_kitchen|clothing_bank`, `amenity=drinking_water|shower|device_charging_station`.
 * COOLING is the "lieu rafraîchi" of French heat plans.
 */
export const PURPOSES = [
  'SHELTER',
  'MEALS',
  'WATER',
  'CLOTHING',
  'HYGIENE',
  'CHARGING',
  'WARMING',
  'COOLING',
  'INFORMATION',
  'REGISTRATION',
  'PAPERWORK',
  'FIRST_AID',
  'PSYCHOLOGICAL_SUPPORT',
  'EQUIPMENT',
  'ANIMALS',
  'DONATIONS',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** As OpenStreetMap's `wheelchair=yes|limited|no`. */
export const WHEELCHAIR = ['YES', 'LIMITED', 'NO'] as const;
export const API_WHEELCHAIR = apiWords(WHEELCHAIR, { YES: 'ACCESSIBLE', NO: 'INACCESSIBLE' });

/** The statuses that an editor can see on the ground. */
export const SEEN_STATUSES = ['OPEN', 'FULL', 'CLOSED'] as const;

/** Nobody counts more places than that in one building. */
export const MOST_PLACES = 100_000;
const things = optional(z.array(plainLine(200)).max(50, 'must hold at most 50 lines')).transform((list) => list ?? []);

const details = z.object({
  language: languageTag,
  openingHours: optional(plainText(500)),
  audience: optional(plainText(500)),
  accessibility: optional(plainText(500)),
  wanted: things,
  unwanted: things,
});

const purposes = z
  .array(z.enum(PURPOSES))
  .min(1, 'must hold at least one purpose')
  .superRefine((list, context) =>
    list.forEach((purpose, index) => {
      if (list.indexOf(purpose) !== index)
        context.addIssue({ code: 'custom', path: [index], message: `${purpose} stands here twice` });
    }),
  );

/** A place where people whom a disaster struck find help, and what it needs of others. */
export const aidPointContent = z
  .object({
    ...commonContent,
    purposes,
    place: plainLine(200),
    address: plainLine(300),
    commune: z.string(),
    point: pointSchema,
    wheelchair: optional(API_WHEELCHAIR.read),
    capacity: optional(z.int().min(1, 'must be at least 1; null where places are not counted').max(MOST_PLACES)),
    startsAt: optional(moment),
    endsAt: optional(moment),
    details: inLanguages(details, 'the details'),
  })
  .transform(({ startsAt, endsAt, ...rest }) => ({ ...rest, opensAt: startsAt, closesAt: endsAt }));
export type AidPointContent = z.output<typeof aidPointContent>;
export type AidPointDetails = AidPointContent['details'][number];

/**
 * The last observation of a place: its free places never stand without the time at which they were counted. The API answers
 * null for UNKNOWN: nobody has looked yet.
 */
export type AidPointSeen =
  | { status: 'UNKNOWN'; at: null; freePlaces: null; note: null }
  | { status: (typeof SEEN_STATUSES)[number]; at: string; freePlaces: number | null; note: string | null };

export type AidPointDocument = Frozen & Public<AidPointContent> & { kind: 'AID_POINT'; observed: AidPointSeen };
