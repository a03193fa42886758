import { instant } from '../clock.ts';
import type { AdviceDocument } from './advice/advice.content.ts';
import type { AidPointDocument } from './aid-point/aid-point.content.ts';
import type { AlertDocument } from './alert/alert.content.ts';
import type { ClosureDocument } from './closure/closure.content.ts';
import type { CorrectionDocument } from './correction/correction.content.ts';
import { endingAt } from './ending/ending.rules.ts';
import type { EventDocument } from './event/event.content.ts';
import type { Frozen } from './frozen.ts';
import type { Briefly } from './kind/brief.ts';
import type { View } from './view.ts';
import type { PublicationKind, PublicState } from './vocabulary.ts';

/** The document of each kind: one of the lists that a new kind joins. */
export interface DocumentOfKind {
  ALERT: AlertDocument;
  ADVICE: AdviceDocument;
  EVENT: EventDocument;
  CLOSURE: ClosureDocument;
  CORRECTION: CorrectionDocument;
  AID_POINT: AidPointDocument;
}

export type PublicDocument = DocumentOfKind[PublicationKind];

/** The views of each kind's documents. */
export type ViewOfKind = { [K in PublicationKind]: View<DocumentOfKind[K]> };

/** A publication as the API answers it. */
export type PublicView = ViewOfKind[PublicationKind];

/** The part of a document by which it is found and ordered. A document is its own brief. */
export type Brief = { [K in PublicationKind]: Briefly<DocumentOfKind[K]> }[PublicationKind];

/** Whether a document is to come, in force, over or withdrawn at a moment (milliseconds since 1970). */
export function publicStateAt(document: Briefly<Frozen>, now: number): PublicState {
  const ending = endingAt(document, now);
  if (ending) return ending.kind === 'CANCELLED' ? 'CANCELLED' : 'ENDED';
  if (document.startsAt && instant(document.startsAt) > now) return 'UPCOMING';
  return 'IN_FORCE';
}
