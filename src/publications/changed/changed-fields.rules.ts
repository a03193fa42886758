import type { AdviceContent } from '../advice/advice.content.ts';
import type { AidPointContent } from '../aid-point/aid-point.content.ts';
import type { AlertContent } from '../alert/alert.content.ts';
import type { ClosureContent } from '../closure/closure.content.ts';
import type { CorrectionContent } from '../correction/correction.content.ts';
import type { EventContent } from '../event/event.content.ts';
import type { ChangeType } from '../vocabulary.ts';

type Fields<C> = Exclude<C extends unknown ? keyof C : never, 'reportIds'>;

/** Every name of a changed field that the journal and the history of a document may hold: fields of contents, and of documents. */
export type StoredField =
  | Fields<AdviceContent | AidPointContent | AlertContent | ClosureContent | CorrectionContent | EventContent>
  | 'verifiedAt'
  | 'observed'
  | 'state';

/**
 * The API's value for each stored name. A journal is never rewritten and keeps the names of contents; apps read one word for one
 * thing, that of the field where the API answers it.
 */
const FIELD_OF = {
  mode: 'MODE',
  texts: 'TEXTS',
  areas: 'AREAS',
  source: 'SOURCE',
  incidentId: 'INCIDENT',
  startsAt: 'STARTS_AT',
  onsetAt: 'STARTS_AT',
  plannedFrom: 'STARTS_AT',
  opensAt: 'STARTS_AT',
  endsAt: 'ENDS_AT',
  expiresAt: 'ENDS_AT',
  plannedTo: 'ENDS_AT',
  closesAt: 'ENDS_AT',
  state: 'STATE',
  verifiedAt: 'VERIFIED_AT',
  observed: 'OBSERVED',
  hazard: 'HAZARD',
  categories: 'CATEGORIES',
  responseTypes: 'RESPONSE_TYPES',
  urgency: 'URGENCY',
  severity: 'SEVERITY',
  certainty: 'CERTAINTY',
  web: 'INFO_URL',
  contact: 'CONTACT',
  adviceIds: 'ADVICE',
  phase: 'PHASE',
  audience: 'AUDIENCE',
  items: 'ITEMS',
  eventStatus: 'EVENT_STATUS',
  organiser: 'ORGANISER',
  passages: 'PASSAGES',
  roads: 'ROADS',
  path: 'PATH',
  direction: 'DIRECTION',
  restriction: 'RESTRICTION',
  cause: 'CAUSE',
  detour: 'DETOUR',
  crossingPoints: 'CROSSING_POINTS',
  legalOrder: 'LEGAL_ORDER',
  decision: 'DECISION',
  eventId: 'EVENT',
  eventWindow: 'EVENT_WINDOW',
  claim: 'CLAIM',
  verdict: 'VERDICT',
  explanation: 'EXPLANATION',
  evidence: 'EVIDENCE',
  purposes: 'PURPOSES',
  place: 'PLACE',
  address: 'ADDRESS',
  commune: 'ADDRESS_COMMUNE',
  point: 'POINT',
  wheelchair: 'WHEELCHAIR',
  capacity: 'CAPACITY',
  details: 'DETAILS',
} as const satisfies Record<StoredField, string>;

/** A field of a publication, as apps are told that it changed. */
export type PublicationField = (typeof FIELD_OF)[StoredField] | 'ENDING';

const WITHDRAWN = ['ENDING', 'ENDS_AT', 'STATE'] as const;

/** The fields that an end changes follow from the change alone: no word of the revision, but `endsAt` where it came before it was due. */
const OF_ENDINGS: Partial<Record<ChangeType, readonly PublicationField[]>> = {
  ALL_CLEAR: WITHDRAWN,
  CANCELLED: WITHDRAWN,
  ENDED: ['ENDING', 'STATE'],
};

/** The fields that a change of this type changed, sorted, each once; a name that no kind has any more has no value. */
export const publicationFields = (type: string, stored: readonly string[]): PublicationField[] => [
  ...(OF_ENDINGS[type as ChangeType] ?? [...new Set(stored.flatMap((name) => FIELDS.get(name) ?? []))].sort()),
];

const FIELDS: ReadonlyMap<string, PublicationField> = new Map(Object.entries(FIELD_OF));
