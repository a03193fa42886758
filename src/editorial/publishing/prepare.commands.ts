import { parisTime } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { CapMessage } from '../../publications/alert/alert.content.ts';
import type { ConfirmedOrder } from '../../publications/decision/confirmation.ts';
import type { Frozen } from '../../publications/frozen.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { DossierRow } from '../dossier/dossier.entity.ts';
import { type DossierInHand, demandWorking } from '../dossier/dossier-in-hand.queries.ts';
import type { EditorialWork } from '../dossier/editorial-work.ts';
import { demandSameMode } from '../dossier/mode.rules.ts';
import type { RevisionRow } from '../dossier/revision.entity.ts';
import { Incident } from '../incidents/incident.entity.ts';
import { messageToSend, nextMessage } from './announce.commands.ts';
import { assembleDocument, changedFields, type Signed } from './document.rules.ts';
import { pinnedDocuments } from './pinned.queries.ts';
import { inThread, lockThread } from './public-thread.queries.ts';
import { demandSealable } from './seal.commands.ts';

/** A revision in hand that is to leave, and the organisations behind it. */
export interface Leaving {
  dossier: DossierRow;
  revision: RevisionRow;
  signed: Signed;
  /** The oral order of the thread that was confirmed; null where none is. */
  confirmed: ConfirmedOrder | null;
}

/** The revision in hand, as the account that acts would publish it; throws WRONG_STAGE where there is none. */
export function leavingOf(inHand: DossierInHand): Leaving {
  const { dossier, acting, signatories, confirmed } = inHand;
  const publisher = acting && { kind: acting.kind, name: acting.name, shortName: acting.shortName };
  const signed = { publisher, signatories: [...signatories] };
  return { dossier, revision: demandWorking(inHand), signed, confirmed };
}

/**
 * What the public would be told if this revision left now with this CAP message, over what it knows already; nothing is
 * written.
 */
export async function prepare(work: EditorialWork, { dossier, revision, signed }: Leaving, message: CapMessage | null) {
  const { em } = work;
  const thread = await lockThread(em, dossier.id);
  const { clock } = inThread(work, thread);
  if (thread?.closed) throw new HubError('WRONG_STAGE', 'this publication is closed: it never comes back (I-20)');
  const { document: before, content: earlier } = thread ?? { document: null, content: null };
  demandSameMode(before?.mode ?? null, revision.content.mode, 'mode');
  const changed = changedFields(earlier, revision.content);
  const [pinned = []] = await pinnedDocuments(em, [{ kind: dossier.kind, content: revision.content }]);
  const document = assembleDocument({
    id: dossier.id,
    kind: dossier.kind,
    number: revision.number,
    content: revision.content,
    contentHash: revision.contentHash,
    minor: revision.minor,
    signed,
    incident: await incidentOf(work, revision.content.incidentId),
    at: clock.now(),
    before,
    changed,
    message,
    pinned,
  });
  return { begins: thread === null, earlier, changed, document, clock };
}

/**
 * Refuses an alert whose CAP message would break a rule: NOT_LINTED with the findings, at the review already, so that the
 * editor who can correct them reads them, and not only the validator who publishes.
 */
export async function demandFit(work: EditorialWork, leaving: Leaving): Promise<void> {
  const { dossier, revision } = leaving;
  const kind = kindOf(dossier.kind);
  if (!kind.capAlert) return;
  const message = await nextMessage(work, dossier.id, endOf(work, revision, kind));
  const { document } = await prepare(work, leaving, message);
  demandSealable(work, kind.capAlert(document));
}

/**
 * The CAP message with which this revision leaves now; null where its kind has none. It may wait for its second, so it is
 * drawn before anything is locked that other dossiers share, such as reports.
 */
export async function messageToRelease(
  work: EditorialWork,
  { dossier, revision }: Leaving,
): Promise<CapMessage | null> {
  const kind = kindOf(dossier.kind);
  return kind.capAlert ? messageToSend(work, dossier.id, endOf(work, revision, kind)) : null;
}

const endOf = ({ clock }: EditorialWork, { content }: RevisionRow, kind: ReturnType<typeof kindOf>): string =>
  kind.window(content).endsAt ?? parisTime(clock.now());

async function incidentOf({ em }: EditorialWork, id: string | null): Promise<Frozen['incident']> {
  const incident = id ? await em.findOne(Incident, { id }) : null;
  return incident && { id: incident.id, slug: incident.slug, title: incident.title };
}
