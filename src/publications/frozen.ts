import type { NamedOrganisation } from '../access/organisations/organisation.rules.ts';
import type { Content, TextContent } from './content/content.ts';
import type { ChangeType, PublicationKind } from './vocabulary.ts';

/** One published revision, as history shows it. */
export interface PublishedRevision {
  number: number;
  type: ChangeType;
  publishedAt: string;
  changedFields: string[];
  contentHash: string;
  texts: TextContent[];
  /** Whether it mended words alone, so that what was said of the revision before still stands; absent where not. */
  minor?: true;
  /** In whose name it was published; absent where that was not kept yet. */
  publisher?: NamedOrganisation;
  /** Those whose people had approved it, each once; absent where that was not kept yet. */
  signatories?: NamedOrganisation[];
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

/** The organisations behind the revision that a document shows; neither where they were not kept yet. */
export const signedBy = ({ history }: Pick<Frozen, 'history'>): Pick<PublishedRevision, 'publisher' | 'signatories'> =>
  history.at(-1) ?? {};

/** A content as the public reads it. */
export type Public<C extends Content> = Omit<C, 'reportIds' | 'incidentId'>;
