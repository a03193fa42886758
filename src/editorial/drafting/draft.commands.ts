import { v7 as uuid } from 'uuid';
import { Account } from '../../access/account.entity.ts';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { HubError, invalidInput } from '../../errors.ts';
import { accountOf } from '../../office/unit-of-work.ts';
import type { Content } from '../../publications/content/content.ts';
import { fingerprint } from '../../publications/content/fingerprint.ts';
import { readContent } from '../../publications/content/read-content.ts';
import { mendTranslations } from '../../publications/content/translations.rules.ts';
import { kindOf } from '../../publications/kinds.ts';
import { Publication } from '../../publications/publication.entity.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import { Dossier, type DossierRow } from '../dossier/dossier.entity.ts';
import { type DossierInHand, dossierInHand } from '../dossier/dossier-in-hand.queries.ts';
import { demandStage, type EditorialWork, touch, voidApprovals } from '../dossier/editorial-work.ts';
import { demandSameMode, modesOfPinned } from '../dossier/mode.rules.ts';
import { Revision, RevisionEditor, type RevisionRow } from '../dossier/revision.entity.ts';
import { linkReports } from '../dossier-reports/dossier-report.commands.ts';
import { demandIncident } from '../incidents/incident-reference.queries.ts';
import { demandMinor } from './minor.rules.ts';

/** Opens a dossier with its first draft. INVALID_INPUT names every faulty field; nothing is written then. */
export async function draft(work: EditorialWork, kind: PublicationKind, input: unknown): Promise<DossierRow> {
  const { actor } = work;
  demand(actor, 'draft');
  return openDossier(work, actor, kind, readContent(kind, input, work.territory));
}

/** Opens a dossier with content that was read, and the reports that it names. INVALID_INPUT names ids of nothing. */
export async function openDossier(
  work: EditorialWork,
  actor: Actor,
  kind: PublicationKind,
  content: Content,
): Promise<DossierRow> {
  const { em, clock } = work;
  await demandReferences(work, kind, content, null);
  const now = clock.now();
  const dossier = em.create(Dossier, {
    id: uuid(),
    kind,
    stage: 'DRAFT',
    version: 1,
    author: accountOf(work, actor),
    createdAt: now,
    updatedAt: now,
  });
  openRevision(work, actor, dossier, { number: 1, content, minor: false });
  await linkReports(em, dossier, content.reportIds);
  await em.flush();
  return dossier;
}

/**
 * Saves new content. Before publication it replaces the draft in hand; afterwards it opens a working revision beside
 * the live one. Approvals given to the earlier content are void. The same content again changes nothing at all.
 */
export const revise = (
  work: EditorialWork,
  kind: PublicationKind,
  { input, ...revised }: Revised & { input: unknown },
): Promise<DossierRow> =>
  saveRevision(work, kind, { ...revised, over: (before) => readContent(kind, input, work.territory, before) });

interface Revised {
  id: string;
  version: number;
  /** True: the content is another message of the authority whose words the dossier relays. */
  relays?: boolean;
  /** True: it mends words of what is public, and is no news; see `demandMinor`. */
  minor?: boolean;
}

/** Saves what is made over the content that stands there, as `revise` does. */
export async function saveRevision(
  work: EditorialWork,
  kind: PublicationKind,
  { id, version, relays = false, minor = false, over }: Revised & { over(before: Content): Content },
): Promise<DossierRow> {
  const { em, actor, clock } = work;
  demand(actor, 'revise');
  const inHand = await dossierInHand(work, id, version);
  const { dossier, working, editors, approvedBy, publicMode } = inHand;
  if (dossier.kind !== kind)
    throw new HubError('INVALID_INPUT', `dossier ${id} is of kind ${dossier.kind}, not ${kind}`, {
      fields: [{ path: 'id', message: `must be the id of a dossier of kind ${kind}` }],
    });
  demandStage(dossier, 'revise');
  const { before, live } = await replaced(work, inHand, minor);
  if (before.content.source.relayed && !relays)
    throw new HubError('FORBIDDEN', 'a relayed message stays word for word: it is never edited (I-03)');
  const written = over(before.content);
  demandSameMode(publicMode, written.mode, 'input.mode');
  const content = minor && live ? mendTranslations(written, live.content) : written;
  if (minor && live) demandMinor(kind, live.content, content);
  const standing = working ?? before;
  if (fingerprint(content) === standing.contentHash && (working?.minor ?? minor) === minor) return dossier;
  await demandReferences(work, kind, content, before.content);
  if (working) {
    if (approvedBy.length > 0) await voidApprovals(em, working, clock.now());
    Object.assign(working, { content, minor, ...columnsOf(kind, content) });
    if (!editors.includes(actor.id)) em.create(RevisionEditor, { revision: working, account: accountOf(work, actor) });
  } else openRevision(work, actor, dossier, { number: before.number + 1, content, minor });
  await linkReports(em, dossier, content.reportIds);
  dossier.stage = 'DRAFT';
  dossier.publishAt = null;
  touch(dossier, clock.now());
  await em.flush();
  return dossier;
}

/**
 * A save replaces `before`. `live` is what is public; null where the save is not judged by it, since it opens no revision, is
 * not minor and was not.
 * A revision that becomes minor, or is so no more, is made over what is public, whose translations it keeps.
 */
async function replaced(
  work: EditorialWork,
  { dossier, working, publicMode }: DossierInHand,
  minor: boolean,
): Promise<{ before: RevisionRow; live: RevisionRow | null }> {
  if (minor && !publicMode)
    throw invalidInput([
      { path: 'minor', message: 'must be false: nothing of this is public yet that could be mended' },
    ]);
  if (working && !minor && !working.minor) return { before: working, live: null };
  const live = await liveRevision(work, dossier);
  return { before: working?.minor === minor ? working : live, live };
}

function openRevision(
  work: EditorialWork,
  actor: Actor,
  dossier: DossierRow,
  { number, content, minor }: Pick<RevisionRow, 'number' | 'content' | 'minor'>,
): void {
  const { em, clock } = work;
  const revision = em.create(Revision, {
    id: uuid(),
    dossier,
    number,
    content,
    minor,
    ...columnsOf(dossier.kind, content),
    createdAt: clock.now(),
  });
  // The author of the dossier never approves it, even where another editor wrote this revision.
  for (const account of new Set([dossier.author.id, actor.id]))
    em.create(RevisionEditor, { revision, account: em.getReference(Account, account) });
}

const columnsOf = (kind: PublicationKind, content: Content) => ({
  contentHash: fingerprint(content),
  mode: content.mode,
  severity: kindOf(kind).danger(content)?.severity ?? null,
});

async function liveRevision({ em }: EditorialWork, dossier: DossierRow): Promise<RevisionRow> {
  const publication = await em.findOneOrFail(Publication, { id: dossier.id });
  if (publication.closed)
    throw new HubError('WRONG_STAGE', 'this publication was cancelled or ended by an all clear: it never comes back');
  return em.findOneOrFail(Revision, { id: publication.liveRevisionId });
}

/**
 * The incident and the publications that a content names must exist, and the incident take it; what it pins reaches no reader
 * of another mode (I-10).
 */
async function demandReferences(
  { em }: EditorialWork,
  kind: PublicationKind,
  content: Content,
  before: Content | null,
): Promise<void> {
  await demandIncident(em, content, before);
  for (const { id, kind: named, use, path, fault } of kindOf(kind).references(content)) {
    const found =
      use === 'pinned'
        ? await em.findOne(Publication, { id, kind: named, closed: false, mode: { $in: modesOfPinned(content.mode) } })
        : await em.findOne(Dossier, { id, kind: named });
    if (!found) throw missing(`input.${path}`, fault);
  }
}

const missing = (path: string, message: string) => invalidInput([{ path, message }]);
