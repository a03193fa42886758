import type { Persona } from '../../../src/development/development-tokens.ts';
import type { Hub } from '../hub/hub.ts';

/** The organisation to which everybody belongs whom nobody put elsewhere. */
export const DEPARTEMENT = '01900000-0000-7000-8000-000000000091';

export interface Need {
  anyOf: string[];
  count: number;
}
export interface Rule {
  id: string;
  version: number;
  state: string;
  needs: Need[];
  outOfReach: Need[];
  proposedBy: { name: string };
  approvedBy: { name: string } | null;
  endAskedBy: { name: string } | null;
  endedBy: { name: string } | null;
}
export const RULE = `id version state needs { anyOf count } outOfReach { anyOf count }
  proposedBy { name } approvedBy { name } endAskedBy { name } endedBy { name }`;

type Desk = Pick<Hub, 'as'>;

/** A rule of alerts that any of these organisations can meet by one person. */
export const ruleInput = (anyOf: readonly string[], more: object = {}) => ({
  name: 'Une signature',
  kinds: ['ALERT'],
  needs: [{ anyOf }],
  ...more,
});

export async function proposeRule(hub: Desk, input: object, persona: Persona = 'admin'): Promise<Rule> {
  const { proposeSignatureRule } = await hub
    .as(persona)
    .request<{ proposeSignatureRule: { rule: Rule } }>(
      `mutation ($input: SignatureRuleInput!) { proposeSignatureRule(input: $input) { rule { ${RULE} } } }`,
      { input },
    );
  return proposeSignatureRule.rule;
}

/** `approveSignatureRule` or `endSignatureRule` by a persona. */
export async function onRule(
  hub: Desk,
  name: 'approveSignatureRule' | 'endSignatureRule',
  persona: Persona,
  { id, version }: Pick<Rule, 'id' | 'version'>,
): Promise<Rule> {
  const { done } = await hub
    .as(persona)
    .request<{ done: { rule: Rule } }>(
      `mutation ($id: ID!, $version: Int!) { done: ${name}(id: $id, version: $version) { rule { ${RULE} } } }`,
      { id, version },
    );
  return done.rule;
}

export const ruleInForce = async (hub: Desk, input: object): Promise<Rule> =>
  onRule(hub, 'approveSignatureRule', 'admin2', await proposeRule(hub, input));

/** Ends a rule in force, by both administrators. */
export const endRule = async (hub: Desk, rule: Pick<Rule, 'id' | 'version'>): Promise<Rule> =>
  onRule(hub, 'endSignatureRule', 'admin2', await onRule(hub, 'endSignatureRule', 'admin', rule));

export async function organisationOf(hub: Desk, kind: string, name: string): Promise<string> {
  const { createOrganisation } = await hub
    .as('admin')
    .request<{ createOrganisation: { organisation: { id: string } } }>(
      `mutation ($kind: OrganisationKind!, $name: String!) {
         createOrganisation(kind: $kind, name: $name, shortName: $name) { organisation { id } } }`,
      { kind, name: name.slice(0, 40) },
    );
  return createOrganisation.organisation.id;
}

/** Puts a persona into an organisation. */
export async function moveTo(hub: Desk, persona: Persona, organisation: string): Promise<void> {
  const { viewer } = await hub.as(persona).request<{ viewer: { id: string } }>('{ viewer { id } }');
  const { accounts } = await hub.as('admin').request<{
    accounts: { nodes: { id: string; administration: { version: number } }[] };
  }>('{ accounts(first: 100) { nodes { id administration { version } } } }');
  const version = accounts.nodes.find(({ id }) => id === viewer.id)?.administration.version;
  await hub.as('admin').request(
    `mutation ($id: ID!, $version: Int!, $organisation: ID!) {
       moveAccount(id: $id, version: $version, organisation: $organisation) { asOf } }`,
    { id: viewer.id, version, organisation },
  );
}

/** The signatures that a dossier lacks, as an editor reads them. */
export async function missingOf(hub: Desk, { id }: { id: string }): Promise<Need[]> {
  const { dossier } = await hub
    .as('editor')
    .request<{ dossier: { signaturesMissing: Need[] } }>(
      'query ($id: ID!) { dossier(id: $id) { signaturesMissing { anyOf count } } }',
      { id },
    );
  return dossier.signaturesMissing;
}
