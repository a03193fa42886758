import { parisTime } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Frozen } from '../../publications/frozen.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { DossierRow } from '../dossier/dossier.entity.ts';
import type { EditorialWork } from '../dossier/editorial-work.ts';
import { Incident } from '../dossier/incident.entity.ts';
import { demandSameMode } from '../dossier/mode.rules.ts';
import type { RevisionRow } from '../dossier/revision.entity.ts';
import { nextMessage } from './announce.commands.ts';
import { assembleDocument, changedFields } from './document.rules.ts';
import { pinnedDocuments } from './pinned.queries.ts';
import { lockThread } from './public-thread.queries.ts';
import { demandSealable } from './seal.commands.ts';

/** What the public would be told if this revision left now, over what it knows already; nothing is written. */
export async function prepare(work: EditorialWork, dossier: DossierRow, revision: RevisionRow) {
  const { em, clock } = work;
  const thread = await lockThread(em, dossier.id);
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
    incident: await incidentOf(work, revision.content.incidentId),
    at: clock.now(),
    before,
    changed,
    message: await messageOf(work, dossier, revision),
    pinned,
  });
  return { begins: thread === null, earlier, changed, document };
}

/**
 * Refuses an alert whose CAP message would break a rule: NOT_LINTED with the findings, at the review already, so that the
 * editor who can correct them reads them, and not only the validator who publishes.
 */
export async function demandFit(work: EditorialWork, dossier: DossierRow, revision: RevisionRow): Promise<void> {
  const kind = kindOf(dossier.kind);
  if (!kind.capAlert) return;
  const { document } = await prepare(work, dossier, revision);
  demandSealable(work, kind.capAlert(document));
}

async function messageOf(work: EditorialWork, dossier: DossierRow, revision: RevisionRow) {
  const kind = kindOf(dossier.kind);
  if (!kind.capAlert) return null;
  const { endsAt } = kind.window(revision.content);
  return nextMessage(work, dossier.id, endsAt ?? parisTime(work.clock.now()));
}

async function incidentOf({ em }: EditorialWork, id: string | null): Promise<Frozen['incident']> {
  const incident = id ? await em.findOne(Incident, { id }) : null;
  return incident && { id: incident.id, slug: incident.slug, title: incident.title };
}
