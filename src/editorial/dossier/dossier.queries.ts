import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page, PageRequest } from '../../paging/page.rules.ts';
import { newestFirst, oneOf, type RowCondition, sqlPage } from '../../paging/sql-list.queries.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import { Dossier } from './dossier.entity.ts';
import type { DossierFile } from './dossier-file.queries.ts';
import type { Stage } from './stage.rules.ts';

export interface DossierFilter {
  stages?: Stage[] | null;
  kinds?: PublicationKind[] | null;
  /** French words; accents and case do not matter. */
  search?: string | null;
  /** Further conditions, which each of them meets. */
  conditions?: readonly RowCondition[];
}

const LAST_CHANGED = newestFirst('dossier', 'updated_at');

// The latest revision holds every word, in any language.
const HOLDS_WORDS = `id in (
  select latest.dossier_id from (
    select distinct on (dossier_id) dossier_id, content from revision order by dossier_id, number desc, created_at desc
  ) latest
  where search_vector((latest.content->'texts')::text) @@ search_query(?))`;

/**
 * A page of dossiers, last changed first; `filesOf` reads them. The caller has checked the page size and the actor's
 * permission. INVALID_INPUT for a cursor that cannot be.
 */
export function dossierPage(
  em: EntityManager,
  { stages, kinds, search, conditions: more = [] }: DossierFilter,
  request: PageRequest,
  filesOf: (ids: string[]) => Promise<DossierFile[]>,
): Promise<Page<DossierFile>> {
  const conditions = [
    ...(search?.trim() ? [{ sql: HOLDS_WORDS, values: [search] }] : []),
    ...(stages ? [oneOf('stage', stages)] : []),
    ...(kinds ? [oneOf('kind', kinds)] : []),
    ...more,
  ];
  return sqlPage(em, LAST_CHANGED, conditions, request, filesOf);
}

/** How many urgent publications wait for their second signature longer than they may. */
export const overdueSignatures = (em: EntityManager, now: Date): Promise<number> =>
  em.count(Dossier, { cosignDueAt: { $lt: now } });
