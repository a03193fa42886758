import type { Actor } from '../../access/actor.ts';
import type { OrganisationKind } from '../../access/organisations/organisation.rules.ts';
import { type Action, permitsWhereAsked } from '../../access/permissions.rules.ts';
import { HubError } from '../../errors.ts';

/** A rule is proposed, then in force, then ended; a proposal may be ended at once. */
export const SIGNATURE_RULE_STATES = ['PROPOSED', 'IN_FORCE', 'ENDED'] as const;
export type SignatureRuleState = (typeof SIGNATURE_RULE_STATES)[number];

/** So many people must sign, whose organisations are of one of these kinds, in the order of their list. */
export interface SignatureNeed {
  anyOf: OrganisationKind[];
  count: number;
}

/** A need of the rules in force, and how many people have signed that meet it. */
export interface AskedSignature extends SignatureNeed {
  given: number;
}

/** The signatures that are still missing; of several needs of the same kinds the greatest. */
export function missingAmong(asked: readonly AskedSignature[]): SignatureNeed[] {
  const missing = new Map<string, SignatureNeed>();
  for (const { anyOf, count, given } of asked) {
    const lacking = count - given;
    const kinds = anyOf.join();
    if (lacking > (missing.get(kinds)?.count ?? 0)) missing.set(kinds, { anyOf, count: lacking });
  }
  return [...missing.values()];
}

/** The same once somebody of an organisation of this kind has signed as well. */
export const missingAfter = (asked: readonly AskedSignature[], signing: OrganisationKind): SignatureNeed[] =>
  missingAmong(asked.map((need) => ({ ...need, given: need.anyOf.includes(signing) ? need.given + 1 : need.given })));

/** The dossier waits as it stands for people of other organisations: nobody need write anything anew. */
export class SignaturesMissing extends HubError {
  override readonly name = 'SignaturesMissing';

  constructor(missing: readonly SignatureNeed[]) {
    super('WRONG_STAGE', `this still needs ${needsInWords(missing)}`);
  }
}

/** Throws WRONG_STAGE while a signature is missing that the rules in force ask for (I-45). */
export function demandSignatures(asked: readonly AskedSignature[]): void {
  const missing = missingAmong(asked);
  if (missing.length > 0) throw new SignaturesMissing(missing);
}

/** Throws FORBIDDEN where somebody would sign, or send back, as SIGNATORY what no rule asks of their organisation. */
export function demandAsked(
  actor: Actor,
  action: Action,
  { asked, acting }: { asked: readonly AskedSignature[]; acting: { kind: OrganisationKind } | null },
): void {
  if (!permitsWhereAsked(actor, action)) return;
  if (!asked.some(({ anyOf }) => acting !== null && anyOf.includes(acting.kind)))
    throw new HubError('FORBIDDEN', `${action} as SIGNATORY needs a rule that asks for your organisation`);
}

/** Needs for people who use the API. */
export const needsInWords = (needs: readonly SignatureNeed[]): string =>
  needs.map(({ anyOf, count }) => `${count} signature(s) of ${anyOf.join(' or ')}`).join(' and ');

const OF: Readonly<Record<OrganisationKind, string>> = {
  DEPARTEMENT: 'du Département',
  SDIS: 'du Sdis',
  PREFECTURE: 'de la préfecture',
  STATE_SERVICE: 'd’un service de l’État',
  COMMUNE: 'd’une commune',
  INTERCOMMUNALITY: 'd’une intercommunalité',
  ASSOCIATION: 'd’une association',
  NETWORK_OPERATOR: 'd’un opérateur de réseau',
};

/** Needs in the words of staff: « la signature du Sdis ou de la préfecture ». */
export const signaturesInFrench = (needs: readonly SignatureNeed[]): string =>
  needs
    .map(
      ({ anyOf, count }) =>
        `${count === 1 ? 'la signature' : `${count} signatures`} ${anyOf.map((kind) => OF[kind]).join(' ou ')}`,
    )
    .join(' et ');
