import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { sqlIn } from '../../database/sql-in.ts';
import { ID_PART, Keyset, MILLISECONDS_PART, type PageInfo } from '../../graphql/page.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { Publication } from '../../publications/publication.entity.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import { isUuid } from '../../uuid.ts';
import { publicDocument } from '../publishing/announce.commands.ts';
import { assembleDocument, changedFields } from '../publishing/document.rules.ts';
import { pinnedDocuments } from '../publishing/prepare.commands.ts';
import { Dossier, DossierComment, type DossierRow } from './dossier.entity.ts';
import { validApprovals, workingRevision } from './editorial-work.ts';
import { Incident } from './incident.entity.ts';
import { Revision, RevisionEditor, type RevisionRow } from './revision.entity.ts';
import type { Stage } from './stage.rules.ts';

/** Everything the desk sees of one dossier, loaded at once: its parts cannot disagree. */
export interface DossierFile {
  dossier: DossierRow;
  /** The revision in hand, else the live one, else the last that was given up. */
  revision: RevisionRow;
  live: PublicDocument | null;
  editors: { id: string; name: string }[];
  approvals: { by: { id: string; name: string }; at: Date; contentHash: string }[];
  comments: { by: { id: string; name: string }; at: Date; text: string }[];
}

/** A dossier by id with all that belongs to it, or null. */
export async function dossierFile(em: EntityManager, id: string): Promise<DossierFile | null> {
  const dossier = isUuid(id) ? await em.findOne(Dossier, { id }, { populate: ['author'] }) : null;
  if (!dossier) return null;
  const publication = await em.findOne(Publication, { id });
  const revision =
    (await workingRevision(em, dossier)) ??
    (publication
      ? await em.findOneOrFail(Revision, { id: publication.liveRevisionId })
      : await em.findOneOrFail(Revision, { dossier }, { orderBy: { number: 'desc', createdAt: 'desc' } }));
  const editors = await em.find(RevisionEditor, { revision }, { populate: ['account'] });
  const comments = await em.find(DossierComment, { dossier }, { orderBy: { at: 'asc' }, populate: ['by'] });
  return {
    dossier,
    revision,
    live: publication && (await publicDocument({ em }, publication)),
    editors: editors.map(({ account }) => account),
    approvals: await validApprovals(em, revision),
    comments,
  };
}

/** The revision in hand as the public would see it, were it published at a moment. */
export async function preview(em: EntityManager, file: DossierFile, now: Date): Promise<PublicDocument> {
  const { dossier, revision, live } = file;
  if (live && revision.publishedAt) return live;
  const { incidentId } = revision.content;
  const incident = incidentId ? await em.findOne(Incident, { id: incidentId }) : null;
  const earlier = live
    ? await em.findOne(Revision, { dossier, publishedAt: { $ne: null } }, { orderBy: { number: 'desc' } })
    : null;
  return assembleDocument({
    id: dossier.id,
    kind: dossier.kind,
    number: revision.number,
    content: revision.content,
    contentHash: revision.contentHash,
    incident: incident && { id: incident.id, slug: incident.slug, title: incident.title },
    at: now,
    before: live,
    changed: changedFields(earlier?.content ?? null, revision.content),
    message: null,
    pinned: await pinnedDocuments(em, dossier.kind, revision.content),
  });
}

export interface DossierFilter {
  stages?: Stage[] | null;
  kinds?: PublicationKind[] | null;
  /** French words; accents and case do not matter. */
  search?: string | null;
}

/** The dossiers whose latest revision holds every word, in any language. */
async function dossiersHolding(em: EntityManager, search: string): Promise<string[]> {
  const rows = await sqlIn(em)<{ id: string }>(
    `select latest.dossier_id as id from (
       select distinct on (dossier_id) dossier_id, content from revision order by dossier_id, number desc, created_at desc
     ) latest
     where search_vector((latest.content->'texts')::text) @@ search_query(?)`,
    [search],
  );
  return rows.map(({ id }) => id);
}

const LAST_CHANGED = new Keyset(z.tuple([MILLISECONDS_PART, ID_PART]));

/** A page of dossiers, last changed first. INVALID_INPUT for a cursor that cannot be. */
export async function dossierPage(
  em: EntityManager,
  { stages, kinds, search }: DossierFilter,
  first: number,
  after: string | null,
): Promise<{ rows: DossierRow[]; pageInfo: PageInfo }> {
  const [millis, id] = after ? LAST_CHANGED.keyOf(after) : [];
  const updatedAt = millis === undefined ? undefined : new Date(millis);
  const rows = await em.find(
    Dossier,
    {
      ...(search?.trim() ? { id: { $in: await dossiersHolding(em, search) } } : {}),
      ...(stages ? { stage: { $in: stages } } : {}),
      ...(kinds ? { kind: { $in: kinds } } : {}),
      ...(updatedAt && id ? { $or: [{ updatedAt: { $lt: updatedAt } }, { updatedAt, id: { $lt: id } }] } : {}),
    },
    { orderBy: { updatedAt: 'desc', id: 'desc' }, limit: first + 1 },
  );
  return LAST_CHANGED.pageOf(rows, first, (row) => [row.updatedAt.getTime(), row.id]);
}

/** How many urgent publications wait for their second signature longer than they may. */
export const overdueSignatures = (em: EntityManager, now: Date): Promise<number> =>
  em.count(Dossier, { cosignDueAt: { $lt: now } });
