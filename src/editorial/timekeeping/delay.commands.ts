import { demand } from '../../access/permissions.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { HubError, invalidInput } from '../../errors.ts';
import type { ClosureContent } from '../../publications/closure/closure.content.ts';
import { movedWithEvent } from '../../publications/closure/closure.rules.ts';
import type { Content } from '../../publications/content/content.ts';
import { settledContent } from '../../publications/content/read-content.ts';
import { kindOf } from '../../publications/kinds.ts';
import { Publication } from '../../publications/publication.entity.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { DossierRow } from '../dossier/dossier.entity.ts';
import { type EditorialWork, lockDossier, workingRevision } from '../dossier/editorial-work.ts';
import { Revision } from '../dossier/revision.entity.ts';
import { saveRevision } from '../drafting/draft.commands.ts';

const LONGEST_DELAY = 7 * 24 * 60;

/**
 * Moves an event and every closure made for it by some minutes (negative: earlier), in one operation: a working revision
 * of each, to be reviewed and approved like any other. A closure with an `eventWindow` keeps its distance to the event
 * by that rule; one without moves by the same minutes. Answers the dossiers that changed, the event first.
 */
export async function delayEvent(
  work: EditorialWork,
  { id, version, minutes }: { id: string; version: number; minutes: number },
): Promise<DossierRow[]> {
  demand(work.actor, 'revise');
  if (!Number.isInteger(minutes) || minutes === 0 || Math.abs(minutes) > LONGEST_DELAY)
    throw invalidInput([{ path: 'minutes', message: `must be a whole number, not 0, of at most ${LONGEST_DELAY}` }]);
  const dossier = await lockDossier(work.em, id, version);
  const { delayed, window } = kindOf(dossier.kind);
  if (!delayed) throw new HubError('NOT_FOUND', `there is no event ${id}`);
  const event = delayed((await contentOf(work, dossier)) ?? missing(id), minutes);
  const changed = [await move(work, dossier.kind, { id, version }, event)];
  for (const closureId of await closuresOf(work, id)) {
    const closure = await lockDossier(work.em, closureId);
    const content = await contentOf<ClosureContent>(work, closure);
    if (!content) continue;
    const moved = movedWithEvent(content, window(event), minutes);
    changed.push(await move(work, 'CLOSURE', { id: closureId, version: closure.version }, moved));
  }
  return changed;
}

const move = (
  work: EditorialWork,
  kind: PublicationKind,
  seen: { id: string; version: number },
  content: Content,
): Promise<DossierRow> =>
  saveRevision(work, kind, { ...seen, over: (before) => settledContent(kind, content, work.territory, before) });

const missing = (id: string): never => {
  throw new HubError('WRONG_STAGE', `the event ${id} has no content to move`);
};

/** The content in hand, else the live one; undefined where the thread is closed or was given up. */
async function contentOf<C extends Content>({ em }: EditorialWork, dossier: DossierRow): Promise<C | undefined> {
  const working = await workingRevision(em, dossier);
  if (working) return working.content as C;
  const publication = await em.findOne(Publication, { id: dossier.id, closed: false });
  const live = publication && (await em.findOne(Revision, { id: publication.liveRevisionId }));
  return live?.content as C | undefined;
}

/** The closures whose latest content names the event, oldest first. */
async function closuresOf({ em }: EditorialWork, eventId: string): Promise<string[]> {
  const rows = await sqlIn(em)<{ id: string }>(
    `select d.id from dossier d join lateral (
       select content from revision r where r.dossier_id = d.id and r.abandoned_at is null order by number desc limit 1
     ) latest on true
     where d.kind = 'CLOSURE' and d.stage <> 'ABANDONED' and latest.content->>'eventId' = ? order by d.id`,
    [eventId],
  );
  return rows.map(({ id }) => id);
}
