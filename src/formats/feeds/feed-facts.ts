import { type PublicDocument, publicStateAt } from '../../publications/document.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import { endingAt, endsAtOf } from '../../publications/ending/ending.rules.ts';
import { type PublishedRevision, signedBy } from '../../publications/frozen.ts';
import { kindOf } from '../../publications/kinds.ts';
import {
  type EndingKind,
  type Mode,
  type PublicationKind,
  type PublicState,
  type Severity,
  VIGILANCE,
  type VigilanceColour,
} from '../../publications/vocabulary.ts';

/** The fields of an entry that programs read, under the names that GraphQL has. JSON Feed carries them as the extension `_tocsin`. */
export interface FeedFacts {
  /** The same for every revision of a publication. */
  thread: string;
  kind: PublicationKind;
  mode: Mode;
  state: PublicState;
  revision: number;
  /** Null for kinds that have no gravity; so is `vigilance`. */
  severity: Severity | null;
  vigilance: VigilanceColour | null;
  startsAt: string | null;
  /** The end that came, or else the end announced. */
  endsAt: string | null;
  ending: { kind: EndingKind; at: string } | null;
  /** The organisation that published the revision, and those that had approved it, as they were called then. */
  publisher: NonNullable<PublishedRevision['publisher']> | null;
  signatories: NonNullable<PublishedRevision['signatories']>;
  /** INSEE codes. */
  communes: readonly string[];
  /** Stands where it no longer belongs to what the feed was asked for, which the entry says for a day. */
  left?: true;
}

/** The facts of a document as of a moment (milliseconds since 1970), for readers that it may have left. */
export function feedFacts(document: PublicDocument, now: number, departed?: Departed): FeedFacts {
  const { id, kind, mode, revision, startsAt, communes } = document;
  const severity = kindOf(kind).danger(document)?.severity ?? null;
  const ending = endingAt(document, now);
  const { publisher = null, signatories = [] } = signedBy(document);
  return {
    thread: id,
    kind,
    mode,
    state: publicStateAt(document, now),
    revision,
    severity,
    vigilance: severity && VIGILANCE[severity],
    startsAt,
    endsAt: endsAtOf(document),
    ending: ending && { kind: ending.kind, at: ending.at },
    publisher,
    signatories,
    communes,
    ...(departed ? { left: true } : {}),
  };
}
