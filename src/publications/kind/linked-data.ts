import type { NamedOrganisation, OrganisationKind } from '../../access/organisations/organisation.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { PUBLISHER, type TextContent } from '../content/content.ts';
import { hazardLabel } from '../content/hazards.ts';
import { type Frozen, signedBy } from '../frozen.ts';

export const SCHEMA_ORG = 'https://schema.org';

/** The part of a document that its kind says in schema.org's words, beside what is said of every document. */
export type LinkedData = SpecialAnnouncement | Thing;

/** Words that hold until they expire, as those of most kinds do. The format adds the words. */
export interface SpecialAnnouncement {
  category: string;
  expires: string | null;
  /** The one building that it is about, a CivicStructure or a LocalBusiness; absent for what is about areas alone. */
  announcementLocation?: Thing;
}

/** A type of its own, with all its fields. A field that every document has may be given anew. */
export interface Thing {
  '@type': string;
  [field: string]: unknown;
}

export interface LinkedDataSetting {
  territory: Territory;
  /** BCP 47 tag of the wished language. */
  language: string;
  /** The publisher's words in the language that is nearest to it. */
  text: TextContent;
}

/** A document about a hazard, announced under the name of that hazard until people end it or else it ends. */
export const hazardAnnouncement = (
  document: Frozen & { hazard: string },
  { text }: LinkedDataSetting,
): SpecialAnnouncement => ({ category: hazardLabel(document.hazard, text.language), expires: expiresOf(document) });

/** When people ended a document, or else when it ends. */
export const expiresOf = ({ cancelled, allClear, endsAt }: Frozen): string | null =>
  cancelled?.at ?? allClear?.at ?? endsAt;

/** Of organisations that are no authority; every other one is a GovernmentOrganization. */
const OTHER_TYPES: Partial<Record<OrganisationKind, string>> = { ASSOCIATION: 'NGO', NETWORK_OPERATOR: 'Organization' };

const organisation = ({ kind, name }: Pick<NamedOrganisation, 'kind' | 'name'>): Thing => ({
  '@type': OTHER_TYPES[kind] ?? 'GovernmentOrganization',
  name,
});

/** The organisation that published a document, as it was called then; the Département where that was not kept yet. */
export const publishedBy = (document: Pick<Frozen, 'history'>): Thing =>
  organisation(signedBy(document).publisher ?? { kind: 'DEPARTEMENT', name: PUBLISHER });

/** The organisations that had approved it. */
export const contributorsOf = (document: Pick<Frozen, 'history'>): Thing[] =>
  (signedBy(document).signatories ?? []).map(organisation);

/** A place with the address of its first commune, and its street where that is known. */
export function placeIn(name: string, codes: readonly string[], territory: Territory, street?: string): Thing {
  const [first] = territory.communesOf(codes);
  const region = { '@type': 'PostalAddress', addressRegion: 'Essonne', addressCountry: 'FR' };
  const address = street ? { ...region, streetAddress: street } : region;
  const [postalCode] = first?.postalCodes ?? [];
  return {
    '@type': 'Place',
    name,
    address: first ? { ...address, addressLocality: first.name, ...(postalCode ? { postalCode } : {}) } : address,
  };
}
