import { v7 as uuid } from 'uuid';
import { demand } from '../../access/permissions.rules.ts';
import { HubError, readInput } from '../../errors.ts';
import { accountOf } from '../../office/unit-of-work.ts';
import { plainText } from '../../publications/content/text/plain-text.ts';
import { Publication } from '../../publications/publication.entity.ts';
import { DossierComment, type DossierRow } from '../dossier/dossier.entity.ts';
import { demandStageOrSignature, demandWorking, dossierInHand } from '../dossier/dossier-in-hand.queries.ts';
import { demandStage, type EditorialWork, touch, voidApprovals } from '../dossier/editorial-work.ts';
import { Approval } from '../dossier/revision.entity.ts';
import { approvalsNeeded } from '../dossier/stage.rules.ts';
import { demandFit, leavingOf } from '../publishing/prepare.commands.ts';
import { demandAsked } from '../signatures/needs.rules.ts';
import { demandLinted } from './lint.queries.ts';

export interface Target {
  id: string;
  version: number;
}

/** Hands a draft to the validators. NOT_LINTED, with the findings, while a finding of level ERROR stands. */
export async function submitDossier(work: EditorialWork, { id, version }: Target): Promise<DossierRow> {
  const { em, actor, clock } = work;
  demand(actor, 'submitDossier');
  const inHand = await dossierInHand(work, id, version);
  const { dossier } = inHand;
  demandStage(dossier, 'submitDossier');
  const leaving = leavingOf(inHand);
  await demandLinted(em, leaving, clock.now());
  await demandFit(work, leaving);
  dossier.stage = 'IN_REVIEW';
  touch(dossier, clock.now());
  await em.flush();
  return dossier;
}

/** Sends a dossier back to its editors, with a comment that says what to mend. */
export async function requestDossierChanges(
  work: EditorialWork,
  target: Target & { comment: string },
): Promise<DossierRow> {
  const { em, actor, clock } = work;
  demand(actor, 'requestDossierChanges');
  const inHand = await dossierInHand(work, target.id, target.version);
  const { dossier } = inHand;
  demandStageOrSignature(inHand, 'requestDossierChanges');
  demandAsked(actor, 'requestDossierChanges', inHand);
  comment(work, dossier, 'comment', target.comment);
  const revision = demandWorking(inHand);
  if (inHand.approvedBy.length > 0) await voidApprovals(em, revision, clock.now());
  dossier.stage = 'CHANGES_REQUESTED';
  dossier.publishAt = null;
  touch(dossier, clock.now());
  await em.flush();
  return dossier;
}

/**
 * A second person's approval of exactly this content. FORBIDDEN for the people who wrote or changed it. The dossier is
 * APPROVED once enough people approved it (two where the severity is EXTREME); while a signature of another organisation is
 * missing, its people approve it from there too.
 */
export async function approveDossier(work: EditorialWork, { id, version }: Target): Promise<DossierRow> {
  const { em, actor, clock } = work;
  demand(actor, 'approveDossier');
  const inHand = await dossierInHand(work, id, version);
  const { dossier, editors, approvedBy, acting } = inHand;
  demandStageOrSignature(inHand, 'approveDossier');
  demandAsked(actor, 'approveDossier', inHand);
  const revision = demandWorking(inHand);
  if (editors.includes(actor.id))
    throw new HubError('FORBIDDEN', 'nobody approves what they wrote: another validator must approve it');
  if (approvedBy.includes(actor.id))
    throw new HubError('WRONG_STAGE', 'you approved this content already: another validator must approve it too');
  const by = accountOf(work, actor);
  if (!acting) throw new Error(`account ${actor.id} belongs to no organisation`);
  // PostgreSQL writes its own in place of this (I-31).
  const signed = { organisation: acting, contentHash: revision.contentHash, at: clock.now() };
  em.create(Approval, { id: uuid(), revision, by, ...signed });
  const isEnough = approvedBy.length + 1 >= approvalsNeeded(revision.severity ?? null);
  if (dossier.stage === 'IN_REVIEW' && isEnough) dossier.stage = 'APPROVED';
  touch(dossier, clock.now());
  await em.flush();
  return dossier;
}

/** Gives up what is in hand, with a reason. A live revision stays public: the dossier then stands at PUBLISHED again. */
export async function abandonDossier(work: EditorialWork, target: Target & { reason: string }): Promise<DossierRow> {
  const { em, actor, clock } = work;
  demand(actor, 'abandonDossier');
  const { dossier, working } = await dossierInHand(work, target.id, target.version);
  demandStage(dossier, 'abandonDossier');
  comment(work, dossier, 'reason', target.reason);
  const live = await em.findOne(Publication, { id: dossier.id });
  if (live && working) working.abandonedAt = clock.now();
  dossier.stage = live ? 'PUBLISHED' : 'ABANDONED';
  dossier.publishAt = null;
  touch(dossier, clock.now());
  await em.flush();
  return dossier;
}

export function comment(work: EditorialWork, dossier: DossierRow, field: string, text: string): string {
  const read = readInput(plainText(5000), text, field);
  const { em, actor, clock } = work;
  demand(actor, 'comment');
  em.create(DossierComment, { id: uuid(), dossier, by: accountOf(work, actor), at: clock.now(), text: read });
  return read;
}
