import type { EntityData } from '@mikro-orm/core';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { instant } from '../../clock.ts';
import { update } from '../../database/writes.ts';
import { HubError, invalidInput } from '../../errors.ts';
import { accountOf } from '../../office/unit-of-work.ts';
import type { CapMessage } from '../../publications/alert/alert.content.ts';
import { communesOf } from '../../publications/content/read-content.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import { gravity } from '../../publications/vocabulary.ts';
import { Dossier, type DossierRow } from '../dossier/dossier.entity.ts';
import { demandStageOrSignature, dossierInHand } from '../dossier/dossier-in-hand.queries.ts';
import { demandStage, type EditorialWork, type PublishingWork, touch } from '../dossier/editorial-work.ts';
import { Revision, type RevisionRow } from '../dossier/revision.entity.ts';
import { approvalsNeeded } from '../dossier/stage.rules.ts';
import { demandLinted } from '../review/lint.queries.ts';
import { comment, type Target } from '../review/review.commands.ts';
import { demandSignatures } from '../signatures/needs.rules.ts';
import { announce } from './announce.commands.ts';
import { rings, wordsOf } from './document.rules.ts';
import { demandFit, type Leaving, leavingOf, messageToRelease, prepare } from './prepare.commands.ts';
import { sealedMessage } from './seal.commands.ts';

/** The dossier of a publication; its row has been written, so that a caller reads it anew. */
type Published = Pick<DossierRow, 'id'>;

const COSIGN_MINUTES = 30;

/**
 * Publishes what was approved: now, or at a moment to come (`at`, RFC 3339), when the timekeeper does it. Linted again
 * first. WRONG_STAGE while a signature is missing that the rules in force ask for (I-45). The revision is frozen and stands in
 * the journal when this transaction commits.
 */
export async function publishDossier(
  work: PublishingWork,
  { id, version, at }: Target & { at?: string | null },
): Promise<Published> {
  const { em, actor, clock } = work;
  demand(actor, 'publishDossier');
  const inHand = await dossierInHand(work, id, version);
  const { dossier } = inHand;
  demandStage(dossier, 'publishDossier');
  const leaving = leavingOf(inHand);
  const { revision } = leaving;
  const moment = at ? new Date(at) : null;
  const message = moment ? null : await messageToRelease(work, leaving);
  await demandLinted(em, leaving, moment ?? clock.now());
  demandApprovals(revision, inHand.approvedBy.length);
  demandSignatures(inHand.asked);
  if (moment) await schedule(work, actor, leaving, moment);
  else await release(work, leaving, message);
  return dossier;
}

/**
 * A duty officer publishes alone when life is at stake: urgency IMMEDIATE and severity SEVERE or EXTREME, with a reason.
 * Another validator has 30 minutes to cosign; afterwards the desk is told, but nothing is taken back by itself. No rule of
 * signature holds it back, at whatever stage it waits for one: the cosignatures must meet them (`cosignDossier`).
 */
export async function publishDossierUrgently(
  work: PublishingWork,
  target: Target & { reason: string },
): Promise<Published> {
  const { em, actor, clock } = work;
  demand(actor, 'publishDossierUrgently');
  const inHand = await dossierInHand(work, target.id, target.version);
  const { dossier } = inHand;
  demandStageOrSignature(inHand, 'publishDossierUrgently');
  const leaving = leavingOf(inHand);
  const { revision } = leaving;
  const danger = kindOf(dossier.kind).danger(revision.content);
  if (danger?.urgency !== 'IMMEDIATE' || gravity(danger.severity) < gravity('SEVERE'))
    throw new HubError(
      'FORBIDDEN',
      'only an alert of urgency IMMEDIATE and severity SEVERE or EXTREME is published urgently',
    );
  const message = await messageToRelease(work, leaving);
  await demandLinted(em, leaving, clock.now());
  const urgentReason = comment(work, dossier, 'reason', target.reason);
  await release(work, leaving, message, {
    revision: { urgentReason, urgentBy: actor.id },
    dossier: { cosignDueAt: new Date(clock.now().getTime() + COSIGN_MINUTES * 60_000) },
  });
  return dossier;
}

/**
 * Publishes what was scheduled and is due; the timekeeper's. Answers whether it was still to be published. Throws
 * SignaturesMissing where a rule came into force since.
 */
export async function publishScheduled(work: PublishingWork, id: string): Promise<boolean> {
  const { em, clock } = work;
  const inHand = await dossierInHand(work, id);
  const { dossier } = inHand;
  if (dossier.stage !== 'SCHEDULED' || !dossier.publishAt || dossier.publishAt > clock.now()) return false;
  demandSignatures(inHand.asked);
  const leaving = leavingOf(inHand);
  const message = await messageToRelease(work, leaving);
  await demandLinted(em, leaving, clock.now());
  await release(work, leaving, message);
  return true;
}

function demandApprovals(revision: RevisionRow, given: number): void {
  const needed = approvalsNeeded(revision.severity ?? null);
  if (given < needed)
    throw new HubError('WRONG_STAGE', `publication needs ${needed} approval(s) of this very content, it has ${given}`);
}

/** Lets the timekeeper publish it; what could not leave then as it stands now is refused already. */
async function schedule(work: EditorialWork, actor: Actor, leaving: Leaving, at: Date): Promise<void> {
  const { dossier, revision } = leaving;
  const { endsAt } = kindOf(dossier.kind).window(revision.content);
  if (at <= work.clock.now()) throw invalidInput([{ path: 'at', message: 'must lie in the future' }]);
  if (endsAt && at.getTime() >= instant(endsAt))
    throw invalidInput([{ path: 'at', message: `must lie before the end of the content, ${endsAt}` }]);
  await demandFit({ ...work, clock: { now: () => at } }, leaving);
  dossier.stage = 'SCHEDULED';
  dossier.publishAt = at;
  dossier.scheduledBy = accountOf(work, actor);
  touch(dossier, work.clock.now());
  await work.em.flush();
}

/** Columns of the desk's rows that an urgent publication writes beside those of every publication. */
interface Urgent {
  revision: EntityData<RevisionRow>;
  dossier: EntityData<DossierRow>;
}

/**
 * Freezes the revision and announces it. The rows of the desk are written by the statement that appends the entry, so
 * MikroORM's objects of them are left as they were read.
 */
async function release(
  work: PublishingWork,
  leaving: Leaving,
  message: CapMessage | null,
  urgent?: Urgent,
): Promise<void> {
  const { em } = work;
  const { dossier, revision } = leaving;
  const { begins, earlier, changed, document, clock } = await prepare(work, leaving, message);
  const now = clock.now();
  const frozen = { ...urgent?.revision, publishedAt: now, changedFields: changed };
  const moved = {
    ...urgent?.dossier,
    stage: 'PUBLISHED',
    publishAt: null,
    version: dossier.version + 1,
    updatedAt: now,
  } as const;
  await announce(
    { ...work, clock },
    {
      type: begins ? 'PUBLISHED' : 'UPDATED',
      document,
      changedFields: changed,
      ...rings(dossier.kind, earlier, revision.content),
      thread: { begins, row: { ...threadOf(document, revision, now), ...(begins && { publishedAt: now }) } },
      // The message first, since it may refuse: a caller that catches the error must find nothing half done.
      writes: [
        ...sealedMessage(work, document),
        update(em, Revision, revision.id, frozen),
        update(em, Dossier, dossier.id, moved),
      ],
    },
  );
}

/** The columns of a thread whose live revision is this one. */
const threadOf = (document: PublicDocument, { id, content, mode, severity }: RevisionRow, now: Date) => ({
  liveRevisionId: id,
  kind: document.kind,
  mode,
  severity: severity ?? null,
  communes: communesOf(content),
  startsAt: dateOf(document.startsAt),
  endsAt: dateOf(document.endsAt),
  revisedAt: now,
  incidentId: content.incidentId,
  words: wordsOf(content),
});

const dateOf = (text: string | null): Date | null => (text ? new Date(text) : null);
