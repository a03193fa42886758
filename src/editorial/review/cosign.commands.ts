import { v7 as uuid } from 'uuid';
import { demand } from '../../access/permissions.rules.ts';
import { HubError } from '../../errors.ts';
import { accountOf } from '../../office/unit-of-work.ts';
import type { DossierRow } from '../dossier/dossier.entity.ts';
import { dossierInHand } from '../dossier/dossier-in-hand.queries.ts';
import { type EditorialWork, touch } from '../dossier/editorial-work.ts';
import { Approval, Revision } from '../dossier/revision.entity.ts';
import { demandAsked, missingAfter, missingAmong, SignaturesMissing } from '../signatures/needs.rules.ts';
import { type UrgentRevision, urgentRevision } from '../signatures/urgent-revision.queries.ts';
import { comment, type Target } from './review.commands.ts';

/**
 * A second person's signature under an urgent publication; the person who published it cannot give it. It is an approval of what is
 * public, unless the person wrote it. The dossier waits on, for others, while the rules in force ask for more (I-45).
 */
export async function cosignDossier(work: EditorialWork, { id, version }: Target): Promise<DossierRow> {
  const { em, actor, clock } = work;
  demand(actor, 'cosignDossier');
  const { dossier, acting } = await dossierInHand(work, id, version);
  const urgent = dossier.cosignDueAt ? await urgentRevision(em, dossier.id) : null;
  if (!urgent) throw new HubError('WRONG_STAGE', 'nothing here waits for a second signature');
  demandAsked(actor, 'cosignDossier', { asked: urgent.asked, acting });
  if (urgent.urgentBy === actor.id)
    throw new HubError('FORBIDDEN', 'whoever published urgently does not cosign: another validator must');
  if (!acting) throw new Error(`account ${actor.id} belongs to no organisation`);
  const counts = isNewSignature(urgent, actor.id);
  const missing = counts ? missingAfter(urgent.asked, acting.kind) : missingAmong(urgent.asked);
  // Somebody who signed it before, or wrote it, adds nothing to what is missing.
  if (!counts && missing.length > 0) throw new SignaturesMissing(missing);
  if (counts)
    em.create(Approval, {
      id: uuid(),
      revision: em.getReference(Revision, urgent.id),
      by: accountOf(work, actor),
      // PostgreSQL writes its own in place of this (I-31).
      organisation: acting,
      contentHash: urgent.contentHash,
      at: clock.now(),
    });
  comment(work, dossier, 'comment', 'Publication urgente contresignée.');
  if (missing.length === 0) dossier.cosignDueAt = null;
  touch(dossier, clock.now());
  await em.flush();
  return dossier;
}

const isNewSignature = ({ editors, approvedBy }: UrgentRevision, account: string): boolean =>
  !editors.includes(account) && !approvedBy.includes(account);
