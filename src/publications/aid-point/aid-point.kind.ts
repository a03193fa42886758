import { z } from 'zod';
import { instant } from '../../clock.ts';
import { optional } from '../content/content.ts';
import { type Kind, type Sighting, withoutReports } from '../kind/kind.ts';
import {
  type AidPointContent,
  type AidPointDocument,
  API_WHEELCHAIR,
  aidPointContent,
  MOST_PLACES,
  SEEN_STATUSES,
} from './aid-point.content.ts';
import { aidPointLinkedData } from './aid-point.linked-data.ts';
import { lintAidPoint } from './aid-point.lint.rules.ts';
import { aidPointMap } from './aid-point.map.ts';
import { aidPointPage, aidPointSeen } from './aid-point.page.ts';
import { aidPointPost } from './aid-point.post.ts';
import {
  aidPointObserved,
  type Counted,
  hasMoved,
  observationFaults,
  openFirst,
  placeFaults,
  shutAs,
  stillSeen,
} from './aid-point.rules.ts';
import { aidPointText, shutText } from './aid-point.text.ts';

export const aidPoint: Kind<AidPointContent, AidPointDocument> = {
  name: 'AID_POINT',
  noun: 'AidPoint',
  typeName: 'AidPointPublication',
  meaning: 'A place where people whom a disaster struck find help.',
  schema: aidPointContent,
  // Its area is the place itself; a place that is not sound has none, so that its own fields are told apart from areas.
  settle: (content, territory) => ({
    ...content,
    commune: territory.byCode(content.commune)?.code ?? content.commune,
    areas:
      placeFaults(content, territory).length > 0
        ? []
        : [{ description: content.place, communes: [content.commune], geometry: content.point }],
  }),
  faults: (content, territory) => [
    ...placeFaults(content, territory),
    ...(content.opensAt && content.closesAt && instant(content.closesAt) <= instant(content.opensAt)
      ? [{ path: 'endsAt', message: 'must lie after startsAt' }]
      : []),
  ],
  window: ({ opensAt, closesAt }) => ({ startsAt: opensAt, endsAt: closesAt }),
  danger: () => null,
  lint: lintAidPoint,
  // People who are on their way must hear that the place is another one, or no longer gives what they come for.
  graver: (before, after) =>
    hasMoved(before, after) || before.purposes.some((purpose) => !after.purposes.includes(purpose)),
  published: withoutReports,
  prose: [
    'details.*.openingHours',
    'details.*.audience',
    'details.*.accessibility',
    'details.*.wanted.*',
    'details.*.unwanted.*',
  ],
  references: () => [],
  carriedOver: ({ before, content }) => ({ observed: stillSeen(before, content) }),
  observation: {
    action: 'observeAidPoint',
    schema: z.object({
      status: z.enum(SEEN_STATUSES),
      freePlaces: optional(z.int().min(0, 'must not be negative').max(MOST_PLACES)),
    }),
    faults: observationFaults,
    record: (document, { status, freePlaces, at, note }: Counted & Sighting) => ({
      ...document,
      observed: { status, at, freePlaces, note },
    }),
    rings: (before, after) => Boolean(shutAs(before.observed)) !== Boolean(shutAs(after.observed)),
    seen: aidPointSeen,
    news: ({ observed }) => (shutAs(observed) && observed.at ? { phase: 'SHUT', at: observed.at, good: false } : null),
    newsText: shutText,
  },
  situation: {
    field: 'aidPoints',
    description: 'Open ones first, then the full and the closed; of those alike, soonest first.',
    select: ({ list }) => openFirst(list('AID_POINT', 'soonest', 'here')),
  },
  page: aidPointPage,
  inputNames: { opensAt: 'startsAt', closesAt: 'endsAt' },
  apiForm: ({ opensAt: _from, closesAt: _to, commune, wheelchair, ...point }) => ({
    ...point,
    addressCommune: commune,
    wheelchair: wheelchair && API_WHEELCHAIR.wordOf(wheelchair),
    observed: aidPointObserved(point),
  }),
  map: aidPointMap,
  text: aidPointText,
  post: aidPointPost,
  linkedData: aidPointLinkedData,
};
