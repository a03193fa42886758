import { instant } from '../clock.ts';
import type { AdviceContent } from './advice/advice.kind.ts';
import type { AlertContent } from './alert/alert.kind.ts';
import type { ClosureContent, OBSERVED_STATES } from './closure/closure.kind.ts';
import type { Content, TextContent } from './content/content.ts';
import type { CorrectionContent } from './correction/correction.kind.ts';
import type { EventContent } from './event/event.kind.ts';
import type { ChangeType, PublicationKind, PublicState } from './vocabulary.ts';

/** One published revision, as history shows it. */
export interface PublishedRevision {
  number: number;
  type: ChangeType;
  publishedAt: string;
  changedFields: string[];
  contentHash: string;
  texts: TextContent[];
}

/** What CAP calls a message: what an Update or a Cancel of the same thread must reference. */
export interface CapMessage {
  identifier: string;
  sender: string;
  sent: string;
  /** The expiry that the message announced; messages past theirs are not referenced. */
  expires: string;
}

/**
 * The part of a public document that publishing adds to the content. A document is frozen: it is what the public was
 * told as of one journal entry, whole, so that everything downstream (GraphQL, CAP, feeds) is a pure function of it.
 * Every moment is RFC 3339 with the Paris offset.
 */
export interface Frozen {
  id: string;
  kind: PublicationKind;
  revision: number;
  publishedAt: string;
  revisedAt: string;
  verifiedAt: string;
  startsAt: string | null;
  endsAt: string | null;
  communes: string[];
  incident: { id: string; slug: string; title: string } | null;
  contentHash: string;
  history: PublishedRevision[];
  cancelled: { at: string; reason: string } | null;
  allClear: { at: string; texts: TextContent[] } | null;
}

type Public<C extends Content> = Omit<C, 'reportIds' | 'incidentId'>;

export interface Observation {
  state: (typeof OBSERVED_STATES)[number];
  at: string | null;
  note: string | null;
}

export type AlertDocument = Frozen &
  Public<AlertContent> & { kind: 'ALERT'; messages: CapMessage[]; advice: AdviceDocument[] };
export type AdviceDocument = Frozen & Public<AdviceContent> & { kind: 'ADVICE' };
export type EventDocument = Frozen & Public<EventContent> & { kind: 'EVENT' };
export type ClosureDocument = Frozen & Public<ClosureContent> & { kind: 'CLOSURE'; observed: Observation };

export type CorrectionDocument = Frozen & Public<CorrectionContent> & { kind: 'CORRECTION' };

export type PublicDocument = AlertDocument | AdviceDocument | EventDocument | ClosureDocument | CorrectionDocument;

/** Whether a document is to come, in force, over or withdrawn at a moment (milliseconds since 1970). */
export function stateAt(document: Frozen, now: number): PublicState {
  if (document.cancelled && instant(document.cancelled.at) <= now) return 'CANCELLED';
  if (document.allClear && instant(document.allClear.at) <= now) return 'ENDED';
  if (document.endsAt && instant(document.endsAt) <= now) return 'ENDED';
  if (document.startsAt && instant(document.startsAt) > now) return 'UPCOMING';
  return 'IN_FORCE';
}

/** The CAP message that published the revision a document shows. */
export const currentMessage = (document: AlertDocument): CapMessage | undefined => document.messages.at(-1);
