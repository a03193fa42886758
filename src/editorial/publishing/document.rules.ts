import { isDeepStrictEqual } from 'node:util';
import type { NamedOrganisation } from '../../access/organisations/organisation.rules.ts';
import { parisTime } from '../../clock.ts';
import type { CapMessage } from '../../publications/alert/alert.content.ts';
import type { Content } from '../../publications/content/content.ts';
import { canonical, fingerprint } from '../../publications/content/fingerprint.ts';
import { communesOf } from '../../publications/content/read-content.ts';
import type { PublicDocument, PublicView } from '../../publications/document.ts';
import type { Frozen, PublishedRevision } from '../../publications/frozen.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';

/** Which fields of the content differ, by their stored names, sorted; none for a first revision. */
export function changedFields(before: Content | null, after: Content): string[] {
  if (!before) return [];
  const fields = new Map(Object.entries(before));
  return Object.entries(after)
    .filter(([name, value]) => !isSame(value ?? null, fields.get(name) ?? null))
    .map(([name]) => name)
    .filter((name) => name !== 'reportIds')
    .sort();
}

// Equal values have equal fingerprints; comparing finds most of them without one.
const isSame = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(one, other) || fingerprint(one) === fingerprint(other);

/** Whether an app should sound again: new, graver, or wider; where it is only wider, only in the communes that are new. */
export function rings(
  kind: PublicationKind,
  before: Content | null,
  after: Content,
): { ring: boolean; onlyWider: boolean } {
  if (!before || kindOf(kind).graver(before, after)) return { ring: true, onlyWider: false };
  const known = new Set(communesOf(before));
  const wider = communesOf(after).some((code) => !known.has(code));
  return { ring: wider, onlyWider: wider };
}

/** The organisations behind a revision. */
export interface Signed {
  /** Null where nobody publishes it yet, or that was not kept. */
  publisher: NamedOrganisation | null;
  signatories: NamedOrganisation[];
}

export interface Publishing {
  id: string;
  kind: PublicationKind;
  number: number;
  content: Content;
  contentHash: string;
  minor: boolean;
  signed: Signed;
  incident: Frozen['incident'];
  at: Date;
  /** The document that the public knows so far, or null for a first publication. */
  before: PublicDocument | null;
  changed: string[];
  /** The CAP message of this revision; null for kinds that send none. */
  message: CapMessage | null;
  /** The documents that the content pins, as they are public at this moment. */
  pinned: PublicView[];
}

/** The frozen document of a new public revision: content and history, whole, as it will read back from the journal. */
export const assembleDocument = (publishing: Publishing): PublicDocument => canonical(previewDocument(publishing));

/** The same document, for the eyes of the desk alone: its keys are in no order. */
export function previewDocument(publishing: Publishing): PublicDocument {
  const { kind, content, before, number } = publishing;
  const at = parisTime(publishing.at);
  const { incidentId: _desk, ...published } = kindOf(kind).published(content);
  const revision: PublishedRevision = {
    number,
    type: before ? 'UPDATED' : 'PUBLISHED',
    publishedAt: at,
    changedFields: publishing.changed,
    contentHash: publishing.contentHash,
    texts: content.texts,
    ...(publishing.minor && { minor: true }),
    ...signatures(publishing.signed),
  };
  const frozen: Frozen = {
    id: publishing.id,
    kind,
    revision: number,
    publishedAt: before?.publishedAt ?? at,
    revisedAt: at,
    verifiedAt: at,
    ...kindOf(kind).window(content),
    communes: communesOf(content),
    incident: publishing.incident,
    contentHash: publishing.contentHash,
    history: [...(before?.history ?? []), revision],
    cancelled: null,
    allClear: null,
  };
  // Each kind's schema made this content; the union cannot be followed through the list of kinds.
  return { ...published, ...frozen, ...kindOf(kind).carriedOver(publishing) } as unknown as PublicDocument;
}

const signatures = ({ publisher, signatories }: Signed): Pick<PublishedRevision, 'publisher' | 'signatories'> =>
  publisher ? { publisher, signatories } : {};

/** All words of a content, for the search of the archive. */
export const wordsOf = (content: Content): string =>
  [
    ...content.texts.flatMap(({ headline, description, instruction }) => [headline, description, instruction ?? '']),
    ...content.areas.map(({ description }) => description),
  ].join('\n');
