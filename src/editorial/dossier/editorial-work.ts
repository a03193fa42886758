import type { EntityManager } from '@mikro-orm/postgresql';
import { HubError } from '../../errors.ts';
import { demandVersion, lockRow } from '../../office/lock.queries.ts';
import type { Office } from '../../office/office.ts';
import type { AfterCommit, UnitOfWork } from '../../office/unit-of-work.ts';
import type { Seal } from '../../publications/seal.ts';
import type { Territory } from '../../territory/territory.ts';
import { Dossier, type DossierRow } from './dossier.entity.ts';
import { Approval, Revision, type RevisionRow } from './revision.entity.ts';
import { leadsFrom, type Transition } from './stage.rules.ts';

export interface EditorialResources {
  territory: Territory;
  /** The `sender` of CAP messages. */
  capSender: string;
  /** Renders, signs and checks CAP messages. */
  seal: Seal;
  /** Resolves when this hub shows what the journal holds now; PostgreSQL notified every hub at the commit. */
  showChanges(): Promise<void>;
}

/** What a command on dossiers gets that publishes nothing: it checks permission, stage and version, and changes rows. */
export type EditorialWork = UnitOfWork & Omit<EditorialResources, 'showChanges'>;

/** What a command gets that publishes: it appends to the journal, and every hub is notified once that is committed. */
export type PublishingWork = EditorialWork & Pick<EditorialResources, 'showChanges'> & AfterCommit;

export type EditorialOffice = Office<EditorialResources>;

/** Locks a dossier for this transaction. Throws NOT_FOUND, or CONFLICT with the current version. */
export async function lockDossier(em: EntityManager, id: string, version?: number): Promise<DossierRow> {
  const dossier: DossierRow = await lockRow(em, { entity: Dossier, name: 'dossier' }, id);
  if (version !== undefined) demandVersion(dossier, 'dossier', version);
  return dossier;
}

/** Throws WRONG_STAGE unless the transition may start where the dossier stands. */
export function demandStage(dossier: DossierRow, transition: Transition): void {
  if (!leadsFrom(transition, dossier.stage))
    throw new HubError('WRONG_STAGE', `${transition} is not possible at stage ${dossier.stage}`);
}

/** The revision under work, or null where the dossier has none (published, nothing in hand). */
export const workingRevision = (em: EntityManager, dossier: DossierRow): Promise<RevisionRow | null> =>
  em.findOne(Revision, { dossier, publishedAt: null, abandonedAt: null }, { refresh: true });

/** Voids the approvals of a revision: another content needs others. */
export const voidApprovals = (em: EntityManager, revision: RevisionRow, at: Date): Promise<number> =>
  em.nativeUpdate(Approval, { revision, voidedAt: null, contentHash: revision.contentHash }, { voidedAt: at });

/** Marks a mutation on the dossier: every one makes a new version. */
export function touch(dossier: DossierRow, at: Date): void {
  dossier.version += 1;
  dossier.updatedAt = at;
}
