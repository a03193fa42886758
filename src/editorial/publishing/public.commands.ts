import { demand } from '../../access/permissions.rules.ts';
import { instant, parisTime } from '../../clock.ts';
import { HubError, invalidInput } from '../../errors.ts';
import { OBSERVED_STATES } from '../../publications/closure/closure.kind.ts';
import { FRENCH, textsSchema } from '../../publications/content/content.ts';
import { moment } from '../../publications/content/moment.ts';
import { plainText } from '../../publications/content/plain-text.ts';
import { bindTranslations } from '../../publications/content/translations.rules.ts';
import { type ClosureDocument, type PublicDocument, stateAt } from '../../publications/document.ts';
import type { PublicationRow } from '../../publications/publication.entity.ts';
import { type Desk, isUuid, lockDossier, touch, workingRevision } from '../dossier/desk.ts';
import type { DossierRow } from '../dossier/dossier.entity.ts';
import { comment, type Target } from '../review/review.commands.ts';
import { announce, lockPublication, nextMessage, publicDocument } from './announce.commands.ts';
import { keepSealed } from './seal.commands.ts';

/** The commands on what is public already, which change no revision: their news travels in the journal entry alone. */

interface Live {
  publication: PublicationRow;
  document: PublicDocument;
}

async function demandPublic(desk: Desk, id: string): Promise<Live> {
  const publication = isUuid(id) ? await lockPublication(desk.em, id) : null;
  if (!publication) throw new HubError('NOT_FOUND', `there is no publication ${id}`);
  return { publication, document: await publicDocument(desk, publication) };
}

function demandOpen(desk: Desk, { document }: Live): void {
  const state = stateAt(document, desk.clock.now().getTime());
  if (state !== 'UPCOMING' && state !== 'IN_FORCE') throw new HubError('WRONG_STAGE', `this publication is ${state}`);
}

/** Confirms that a publication still holds; moves `verifiedAt`, makes nobody's phone ring. */
export async function confirmStillTrue(desk: Desk, id: string): Promise<PublicDocument> {
  demand(desk.actor, 'confirmStillTrue');
  const live = await demandPublic(desk, id);
  demandOpen(desk, live);
  const document = { ...live.document, verifiedAt: parisTime(desk.clock.now()) };
  announce(desk, live.publication, { type: 'VERIFIED', document, changedFields: ['verifiedAt'], ring: false });
  await desk.em.flush();
  return document;
}

/** Withdraws a publication, with a reason that the public reads. It stays readable, marked, and never comes back. */
export async function cancel(desk: Desk, target: Target & { reason: string }): Promise<PublicDocument> {
  demand(desk.actor, 'cancel');
  const { dossier, live } = await demandBoth(desk, target);
  const reason = comment(desk, dossier, 'reason', target.reason);
  const document = {
    ...(await withClosingMessage(desk, live.document)),
    cancelled: { at: parisTime(desk.clock.now()), reason },
  };
  keepSealed(desk, document);
  announce(desk, live.publication, { type: 'CANCELLED', document, changedFields: ['state'], ring: true });
  await close(desk, dossier);
  return document;
}

/** Says that the danger is over, in the words given (French at least). The thread has ended then. */
export async function allClear(desk: Desk, target: Target & { texts: unknown }): Promise<PublicDocument> {
  demand(desk.actor, 'allClear');
  const read = textsSchema.safeParse(target.texts);
  if (!read.success)
    throw invalidInput(read.error.issues.map(({ path, message }) => ({ path: ['texts', ...path].join('.'), message })));
  const { dossier, live } = await demandBoth(desk, target);
  const texts = bindTranslations({ ...emptyContent, texts: read.data }, null).texts;
  const document = {
    ...(await withClosingMessage(desk, live.document)),
    allClear: { at: parisTime(desk.clock.now()), texts },
  };
  keepSealed(desk, document);
  announce(desk, live.publication, { type: 'ALL_CLEAR', document, changedFields: ['state', 'texts'], ring: true });
  await close(desk, dossier);
  return document;
}

const emptyContent = {
  mode: 'ACTUAL' as const,
  texts: [],
  areas: [],
  source: { name: FRENCH, relayed: false, url: null, reference: null },
  incidentId: null,
  reportIds: [],
};

/** Records what was seen on the ground of a closure, and when; neither the plan nor the legal text changes. */
export async function observeClosure(
  desk: Desk,
  input: { id: string; state: ClosureDocument['observed']['state']; at: string; note?: string | null },
): Promise<ClosureDocument> {
  demand(desk.actor, 'observeClosure');
  const live = await demandPublic(desk, input.id);
  if (live.document.kind !== 'CLOSURE') throw new HubError('NOT_FOUND', `there is no closure ${input.id}`);
  demandOpen(desk, live);
  const at = moment.safeParse(input.at);
  if (!at.success || !OBSERVED_STATES.includes(input.state))
    throw invalidInput([{ path: 'at', message: 'must be a date and time with seconds and an offset' }]);
  if (Date.parse(at.data) > desk.clock.now().getTime() + 60_000)
    throw invalidInput([{ path: 'at', message: 'must not lie in the future: it is what was seen' }]);
  const note = plainText(1000)
    .nullable()
    .safeParse(input.note || null);
  if (!note.success) throw invalidInput(note.error.issues.map(({ message }) => ({ path: 'note', message })));
  const document: ClosureDocument = {
    ...live.document,
    observed: { state: input.state, at: at.data, note: note.data },
  };
  announce(desk, live.publication, {
    type: 'OBSERVED',
    document,
    changedFields: ['observed'],
    ring: live.document.observed.state !== input.state,
  });
  await desk.em.flush();
  return document;
}

async function demandBoth(desk: Desk, { id, version }: Target): Promise<{ dossier: DossierRow; live: Live }> {
  const dossier = await lockDossier(desk.em, id, version);
  if (!(await lockPublication(desk.em, id))) throw new HubError('WRONG_STAGE', 'nothing of this dossier is public');
  const live = await demandPublic(desk, id);
  demandOpen(desk, live);
  return { dossier, live };
}

/** How long the message of an end is told at least: readers must hear it even where the alert was about to expire. */
const ENDING_MS = 3600_000;

/** An alert's end is a CAP message of its own (Cancel, or Update with AllClear). */
async function withClosingMessage(desk: Desk, document: PublicDocument): Promise<PublicDocument> {
  if (document.kind !== 'ALERT') return document;
  const expires = Math.max(instant(document.expiresAt), desk.clock.now().getTime() + ENDING_MS);
  const message = await nextMessage(desk, document.id, parisTime(new Date(expires)));
  return { ...document, messages: [...document.messages, message] };
}

/** What was in hand beside the live revision is given up with the thread. */
async function close(desk: Desk, dossier: DossierRow): Promise<void> {
  const working = await workingRevision(desk.em, dossier);
  if (working) working.abandonedAt = desk.clock.now();
  dossier.stage = 'PUBLISHED';
  dossier.publishAt = null;
  touch(dossier, desk.clock.now());
  await desk.em.flush();
}
