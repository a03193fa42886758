import { adviceTypes } from './advice/advice.resolver.ts';
import { aidPointTypes } from './aid-point/aid-point.resolver.ts';
import { alertTypes } from './alert/alert.resolver.ts';
import { closureTypes } from './closure/closure.resolver.ts';
import { correctionTypes } from './correction/correction.resolver.ts';
import { eventTypes } from './event/event.resolver.ts';
import type { KindTypes } from './kind/kind.types.ts';
import type { PublicationKind } from './vocabulary.ts';

/** The GraphQL of every kind: one of the lists that a new kind joins. */
export const kindTypes = {
  ALERT: alertTypes,
  ADVICE: adviceTypes,
  EVENT: eventTypes,
  CLOSURE: closureTypes,
  CORRECTION: correctionTypes,
  AID_POINT: aidPointTypes,
} satisfies Record<PublicationKind, KindTypes>;

export const typesOf = (kind: PublicationKind): KindTypes => kindTypes[kind];
