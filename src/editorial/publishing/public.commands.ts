import { z } from 'zod';
import { demand } from '../../access/permissions.rules.ts';
import { instant, parisTime } from '../../clock.ts';
import { update, type Write } from '../../database/writes.ts';
import { HubError, invalidInput, readInput } from '../../errors.ts';
import { optional, type TextContent, textsSchema } from '../../publications/content/content.ts';
import { moment } from '../../publications/content/moment.ts';
import { plainText } from '../../publications/content/text/plain-text.ts';
import { isVisible } from '../../publications/content/text/visible-text.ts';
import { bindTranslations } from '../../publications/content/translations.rules.ts';
import { type PublicDocument, publicStateAt } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import { Dossier } from '../dossier/dossier.entity.ts';
import { type DossierInHand, dossierInHand } from '../dossier/dossier-in-hand.queries.ts';
import type { EditorialWork, PublishingWork } from '../dossier/editorial-work.ts';
import { Revision } from '../dossier/revision.entity.ts';
import { comment, type Target } from '../review/review.commands.ts';
import { announce, messageToSend } from './announce.commands.ts';
import { inThread, lockThread } from './public-thread.queries.ts';
import { sealedMessage } from './seal.commands.ts';

/** The commands on what is public already, which change no revision: their news travels in the journal entry alone. */

/** Locks what is public of a thread. Throws NOT_FOUND. */
export async function demandPublic<W extends EditorialWork>(work: W, id: string) {
  const thread = await lockThread(work.em, id);
  if (!thread) throw new HubError('NOT_FOUND', `there is no publication ${id}`);
  return { live: thread.document, content: thread.content, timed: inThread(work, thread) };
}

/** Throws WRONG_STAGE for what is over or withdrawn. */
export function demandOpen(work: EditorialWork, document: PublicDocument): void {
  const state = publicStateAt(document, work.clock.now().getTime());
  if (state !== 'UPCOMING' && state !== 'IN_FORCE') throw new HubError('WRONG_STAGE', `this publication is ${state}`);
}

/** Confirms that a publication still holds; moves `verifiedAt`, makes nobody's phone ring. */
export async function verifyPublication(work: PublishingWork, id: string): Promise<PublicDocument> {
  demand(work.actor, 'verifyPublication');
  const { live, timed } = await demandPublic(work, id);
  demandOpen(work, live);
  const document = { ...live, verifiedAt: parisTime(timed.clock.now()) };
  await announce(timed, { type: 'VERIFIED', document, changedFields: ['verifiedAt'], ring: false });
  return document;
}

/** Withdraws a publication, with a reason that the public reads. It stays readable, marked, and never comes back. */
export async function cancelPublication(
  work: PublishingWork,
  target: Target & { reason: string },
): Promise<PublicDocument> {
  demand(work.actor, 'cancelPublication');
  const { inHand, live, timed } = await demandBoth(work, target);
  const reason = comment(work, inHand.dossier, 'reason', target.reason);
  const document = {
    ...(await withClosingMessage(work, live)),
    cancelled: { at: parisTime(timed.clock.now()), reason },
  };
  const writes = [...sealedMessage(work, document), ...closing(work, inHand)];
  await announce(timed, { type: 'CANCELLED', document, changedFields: ['state'], ring: true, writes });
  return document;
}

/** Says that the danger is over, in the words given (French at least). The thread has ended then. */
export async function giveAllClear(work: PublishingWork, target: Target & { texts: unknown }): Promise<PublicDocument> {
  demand(work.actor, 'giveAllClear');
  const { texts } = bindTranslations({ texts: readInput(textsSchema, target.texts, 'texts') }, null);
  return declareOver(work, { ...target, texts });
}

/** The same for a caller that has checked the actor's permission, in words that were read. */
export async function declareOver(
  work: PublishingWork,
  { texts, ...target }: Target & { texts: TextContent[] },
): Promise<PublicDocument> {
  const { inHand, live, timed } = await demandBoth(work, target);
  const document = {
    ...(await withClosingMessage(work, live)),
    allClear: { at: parisTime(timed.clock.now()), texts },
  };
  const writes = [...sealedMessage(work, document), ...closing(work, inHand)];
  await announce(timed, { type: 'ALL_CLEAR', document, changedFields: ['state'], ring: true, writes });
  return document;
}

const sighting = z.object({
  observedAt: moment,
  note: optional(z.string())
    .transform((note) => (isVisible(note) ? note : null))
    .pipe(plainText(1000).nullable()),
});

/**
 * Records what an editor or a marshal saw on the ground of a publication, and when: no revision, so the content stays as it
 * is. A note is read by the public, so a marshal writes none: what is worth telling goes into a report.
 */
export async function observe(
  work: PublishingWork,
  kind: PublicationKind,
  { id, ...seen }: { id: string; observedAt: string; note?: string | null },
): Promise<PublicDocument> {
  const { observation } = kindOf(kind);
  if (!observation) throw new TypeError(`nothing is observed of ${kind}`);
  demand(work.actor, observation.action);
  const { live, timed } = await demandPublic(work, id);
  if (live.kind !== kind)
    throw new HubError('NOT_FOUND', `there is no ${kind.toLowerCase().replaceAll('_', ' ')} ${id}`);
  demandOpen(work, live);
  const { observedAt: at, ...read } = readInput(z.intersection(sighting, observation.schema), seen);
  if (read.note !== null) demand(work.actor, 'noteObservation');
  const sighted = { ...read, at };
  if (instant(at) > work.clock.now().getTime() + CLOCKS_DIFFER_MS)
    throw invalidInput([{ path: 'observedAt', message: 'must not lie in the future: it is what was seen' }]);
  const faults = observation.faults?.(live, sighted) ?? [];
  if (faults.length > 0) throw invalidInput(faults);
  const document = observation.record(live, sighted);
  const ring = observation.rings(live, document);
  await announce(timed, { type: 'OBSERVED', document, changedFields: ['observed'], ring });
  return document;
}

/** So far the clock of an editor may be ahead of the hub's. */
export const CLOCKS_DIFFER_MS = 60_000;

async function demandBoth<W extends EditorialWork>(work: W, { id, version }: Target) {
  const inHand = await dossierInHand(work, id, version);
  const thread = await lockThread(work.em, id);
  if (!thread) throw new HubError('WRONG_STAGE', 'nothing of this dossier is public');
  demandOpen(work, thread.document);
  return { inHand, live: thread.document, timed: inThread(work, thread) };
}

/** How long the message of an end is told at least: readers must hear it even where the alert was about to expire. */
const ENDING_MS = 3600_000;

/** The end of an alert is a CAP message of its own (Cancel, or Update with AllClear). */
async function withClosingMessage(work: EditorialWork, document: PublicDocument): Promise<PublicDocument> {
  const alert = kindOf(document.kind).capAlert?.(document);
  if (!alert) return document;
  const expires = Math.max(instant(alert.expiresAt), work.clock.now().getTime() + ENDING_MS);
  const message = await messageToSend(work, alert.id, parisTime(new Date(expires)));
  return { ...alert, messages: [...alert.messages, message] };
}

/** The rows of the desk as they end with the thread: the revision in hand beside the live one is given up. */
function closing({ em, clock }: EditorialWork, { dossier, working }: DossierInHand): Write[] {
  const now = clock.now();
  const ended = { stage: 'PUBLISHED', publishAt: null, version: dossier.version + 1, updatedAt: now } as const;
  return [
    update(em, Dossier, dossier.id, ended),
    ...(working ? [update(em, Revision, working.id, { abandonedAt: now })] : []),
  ];
}
