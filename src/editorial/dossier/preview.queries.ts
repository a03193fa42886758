import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { Content } from '../../publications/content/content.ts';
import type { PublicView } from '../../publications/document.ts';
import { viewOfDraft } from '../../publications/view.ts';
import { changedFields, previewDocument } from '../publishing/document.rules.ts';
import { pinnedDocuments } from '../publishing/pinned.queries.ts';
import type { DossierFile } from './dossier-file.queries.ts';

/** The revisions shown as the public would see them, were they published at a moment; in the order of the files. */
export async function previews(em: EntityManager, files: readonly DossierFile[], now: Date): Promise<PublicView[]> {
  const revised = files.filter(({ live, revision }) => live && !revision.isPublished).map(({ id }) => id);
  const [earlier, pinned] = await Promise.all([
    publishedContents(em, revised),
    pinnedDocuments(
      em,
      files.map(({ kind, revision: { content } }) => ({ kind, content })),
    ),
  ]);
  return files.map(({ id, kind, live, incident, revision }, index) => {
    if (live && revision.isPublished) return live;
    const { number, content, contentHash, minor } = revision;
    const draft = previewDocument({
      id,
      kind,
      number,
      content,
      contentHash,
      minor,
      signed: { publisher: null, signatories: [] },
      incident,
      at: now,
      before: live,
      changed: changedFields(earlier.get(id) ?? null, content),
      message: null,
      pinned: pinned[index] ?? [],
    });
    return viewOfDraft(draft, live?.position ?? 0);
  });
}

/** The contents that were published last, by dossier. */
async function publishedContents(em: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, Content>> {
  if (ids.length === 0) return new Map();
  const rows = await sqlIn(em)<{ id: string; content: Content }>(
    `select distinct on (dossier_id) dossier_id as id, content from revision
     where dossier_id in (?) and published_at is not null and abandoned_at is null
     order by dossier_id, number desc`,
    [ids],
  );
  return new Map(rows.map(({ id, content }) => [id, content]));
}
