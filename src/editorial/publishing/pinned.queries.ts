import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { Content } from '../../publications/content/content.ts';
import type { PublicDocument, PublicView } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import { viewOfThen } from '../../publications/view.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';

/** A content, and the kind that says which documents it pins. */
export interface Pinning {
  kind: PublicationKind;
  content: Content;
}

/**
 * The documents that each of these contents pins, as they are public now, in the order given; those that were closed are
 * left out. One statement for all.
 */
export async function pinnedDocuments(em: EntityManager, pinning: readonly Pinning[]): Promise<PublicView[][]> {
  const named = pinning.map(({ kind, content }) =>
    kindOf(kind)
      .references(content)
      .filter(({ use }) => use === 'pinned'),
  );
  const documents = await openDocuments(em, [...new Set(named.flat().map(({ id }) => id))]);
  return named.map((references) =>
    references.flatMap(({ id, kind }) => {
      const document = documents.get(id.toLowerCase());
      return document?.kind === kind ? [document] : [];
    }),
  );
}

async function openDocuments(em: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, PublicView>> {
  if (ids.length === 0) return new Map();
  const rows = await sqlIn(em)<{ id: string; document: PublicDocument; position: string; type: string }>(
    `select p.id, e.document, e.position, e.type from publication p join journal_entry e on e.id = p.latest_entry_id
     where p.id in (?) and not p.closed`,
    [ids],
  );
  return new Map(
    rows.map(({ id, document, position, type }) => [id, viewOfThen(document, { position: Number(position), type })]),
  );
}
