import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/postgresql';
import { Account } from '../../access/account.entity.ts';
import type { Actor } from '../../access/actor.ts';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Seal } from '../../publications/seal.ts';
import type { Territory } from '../../territory/territory.ts';
import { Dossier, type DossierRow } from './dossier.entity.ts';
import { Approval, type ApprovalRow, Revision, type RevisionRow } from './revision.entity.ts';
import { leadsFrom, type Transition } from './stage.rules.ts';

/**
 * What every command of the desk is handed: the transaction's entity manager, who acts, what time it is, and the
 * ground. A command checks permission, stage and version, changes rows and appends to the journal; its caller holds the
 * transaction, so all of it commits together or not at all.
 */
export interface Desk {
  em: EntityManager;
  actor: Actor | null;
  clock: Clock;
  territory: Territory;
  /** The `sender` of CAP messages. */
  capSender: string;
  seal: Seal;
}

export const accountOf = (desk: Desk, actor: Actor) => desk.em.getReference(Account, actor.id);

/** Locks a dossier for this transaction. Throws NOT_FOUND, or CONFLICT with the current version. */
export async function lockDossier(em: EntityManager, id: string, version?: number): Promise<DossierRow> {
  const dossier = isUuid(id)
    ? await em.findOne(Dossier, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    : null;
  if (!dossier) throw new HubError('NOT_FOUND', `there is no dossier ${id}`);
  if (version !== undefined && dossier.version !== version)
    throw new HubError(
      'CONFLICT',
      `somebody saved this dossier first: you saw version ${version}, it is now at ${dossier.version}`,
      { currentVersion: dossier.version },
    );
  return dossier;
}

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Throws WRONG_STAGE unless the transition may start where the dossier stands. */
export function demandStage(dossier: DossierRow, transition: Transition): void {
  if (!leadsFrom(transition, dossier.stage))
    throw new HubError('WRONG_STAGE', `${transition} is not possible at stage ${dossier.stage}`);
}

/** The revision under work, or null where the dossier has none (published, nothing in hand). */
export const workingRevision = (em: EntityManager, dossier: DossierRow): Promise<RevisionRow | null> =>
  em.findOne(Revision, { dossier, publishedAt: null, abandonedAt: null }, { refresh: true });

/** The revision under work; throws WRONG_STAGE where there is none. */
export async function demandWorking(em: EntityManager, dossier: DossierRow): Promise<RevisionRow> {
  const revision = await workingRevision(em, dossier);
  if (!revision) throw new HubError('WRONG_STAGE', 'this dossier has no revision in hand');
  return revision;
}

/** Approvals that count for a revision as it stands. */
export const validApprovals = (em: EntityManager, revision: RevisionRow): Promise<ApprovalRow[]> =>
  em.find(
    Approval,
    { revision, voidedAt: null, contentHash: revision.contentHash },
    { orderBy: { at: 'asc' }, populate: ['by'] },
  );

/** Marks a mutation on the dossier: every one makes a new version. */
export function touch(dossier: DossierRow, at: Date): void {
  dossier.version += 1;
  dossier.updatedAt = at;
}
