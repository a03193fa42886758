import type { NamedOrganisation } from '../../access/organisations/organisation.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { HubError } from '../../errors.ts';
import { demandVersion, notFound } from '../../office/lock.queries.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import type { ConfirmedOrder } from '../../publications/decision/confirmation.ts';
import type { Mode } from '../../publications/vocabulary.ts';
import { isUuid } from '../../uuid.ts';
import { mayKnowOf } from '../signatures/asked.queries.ts';
import { type AskedSignature, missingAmong } from '../signatures/needs.rules.ts';
import { Dossier, type DossierRow } from './dossier.entity.ts';
import { demandStage } from './editorial-work.ts';
import { type OrganisationThen, Revision, type RevisionRow } from './revision.entity.ts';
import { leadsFromLacking, type Signing } from './stage.rules.ts';

/** A dossier that a transaction has locked, and what the steps of the workflow judge by. */
export interface DossierInHand {
  dossier: DossierRow;
  /** The revision under work; null where the dossier has none (published, nothing in hand). */
  working: RevisionRow | null;
  /** The accounts that wrote or changed that revision. */
  editors: readonly string[];
  /** The accounts whose approval counts for it as it stands. */
  approvedBy: readonly string[];
  /** The organisations of those accounts, as they were called when they approved; each once, by its latest name. */
  signatories: readonly NamedOrganisation[];
  /** The needs of the rules of signature in force that speak of that revision, and how many people met each. */
  asked: readonly AskedSignature[];
  /** The organisation of the account that acts, as it is called now; of the hub itself, that of whom it does it for. Null for none. */
  acting: OrganisationThen | null;
  /** The mode in which the thread is public; null where nothing of it is. */
  publicMode: Mode | null;
  /** The oral order that is public and was confirmed without a revision; null where none is. */
  confirmed: ConfirmedOrder | null;
}

interface Row {
  dossier: object;
  working: object | null;
  editors: string[];
  approvedBy: string[];
  signatories: NamedOrganisation[];
  asked: AskedSignature[];
  acting: OrganisationThen | null;
  publicMode: Mode | null;
  confirmed: ConfirmedOrder | null;
}

// Commands on one dossier wait for each other at the lock of the office. The lock of the row is against a command on
// another dossier, such as a delayed event: PostgreSQL then reads this row anew, and its version or its stage is another.
const IN_HAND = `
  select to_jsonb(d) as dossier, to_jsonb(r) as working,
    (select coalesce(json_agg(e.account_id), '[]') from revision_editor e where e.revision_id = r.id) as editors,
    (select coalesce(json_agg(a.by_id), '[]') from approval a
     where a.revision_id = r.id and a.voided_at is null and a.content_hash = r.content_hash) as "approvedBy",
    (select coalesce(jsonb_agg(s.organisation - 'id' order by s.organisation->>'name'), '[]') from (
       select distinct on (a.organisation->>'id') a.organisation from approval a
       where a.revision_id = r.id and a.voided_at is null and a.content_hash = r.content_hash
       order by a.organisation->>'id', a.at desc) s) as signatories,
    signatures_asked(r.id) as asked,
    organisation_of(coalesce(?::uuid, d.scheduled_by_id)) as acting,
    (select p.mode from publication p where p.id = d.id) as "publicMode",
    confirmed_order(d.id) as confirmed
  from dossier d left join revision r on r.dossier_id = d.id and r.published_at is null and r.abandoned_at is null
  where d.id = ? for update of d`;

/**
 * Locks a dossier until the transaction ends, and reads with it, by the same statement, what is in hand. Throws NOT_FOUND, also
 * for a SIGNATORY of whose organisation nothing is asked, or CONFLICT with the current version.
 */
export async function dossierInHand(
  { em, actor }: Pick<UnitOfWork, 'em' | 'actor'>,
  id: string,
  version?: number,
): Promise<DossierInHand> {
  const [row] = isUuid(id) ? await sqlIn(em)<Row>(IN_HAND, [actor?.id ?? null, id]) : [];
  if (!row || (actor && !(await mayKnowOf(em, actor, 'dossier', id)))) throw notFound('dossier', id);
  const { working, ...beside } = row;
  const dossier = em.map(Dossier, row.dossier);
  if (version !== undefined) demandVersion(dossier, 'dossier', version);
  return { ...beside, dossier, working: working && em.map(Revision, working) };
}

/** The revision under work; throws WRONG_STAGE where there is none. */
export function demandWorking({ working }: Pick<DossierInHand, 'working'>): RevisionRow {
  if (!working) throw new HubError('WRONG_STAGE', 'this dossier has no revision in hand');
  return working;
}

/** Throws WRONG_STAGE unless the transition may start here, be it because a signature is missing. */
export function demandStageOrSignature(
  { dossier, asked }: Pick<DossierInHand, 'dossier' | 'asked'>,
  transition: Signing,
): void {
  if (!leadsFromLacking(transition, dossier.stage, missingAmong(asked))) demandStage(dossier, transition);
}
