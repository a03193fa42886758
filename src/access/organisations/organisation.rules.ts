export const ORGANISATION_KINDS = [
  'DEPARTEMENT',
  'SDIS',
  'PREFECTURE',
  'STATE_SERVICE',
  'COMMUNE',
  'INTERCOMMUNALITY',
  'ASSOCIATION',
  'NETWORK_OPERATOR',
] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

/** The Département's own organisation, which the migration makes: every account belongs to it that nobody put elsewhere. It never closes. */
export const DEPARTEMENT_ID = '01900000-0000-7000-8000-000000000091';

/** A number at which an organisation is reached directly, for staff alone. */
export interface DirectNumber {
  label: string;
  number: string;
  /** When somebody called it last, and was answered. */
  checkedAt: string;
}

/** An organisation as it was called when it published or signed: people move and names change, and what was said stays. */
export interface NamedOrganisation {
  kind: OrganisationKind;
  name: string;
  shortName: string;
}
