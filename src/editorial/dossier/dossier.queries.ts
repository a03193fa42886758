import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { ID_PART, Keyset } from '../../paging/keyset.rules.ts';
import type { Page, PageRequest } from '../../paging/page.rules.ts';
import { oneOf, type SqlList, sqlPage } from '../../paging/sql-list.queries.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import { Dossier } from './dossier.entity.ts';
import type { DossierFile } from './dossier-file.queries.ts';
import type { Stage } from './stage.rules.ts';

export interface DossierFilter {
  stages?: Stage[] | null;
  kinds?: PublicationKind[] | null;
  /** French words; accents and case do not matter. */
  search?: string | null;
}

interface Listed {
  id: string;
  at: string;
}

const LAST_CHANGED: SqlList<Listed, [at: string, id: string]> = {
  keys: new Keyset(z.tuple([z.iso.datetime(), ID_PART])),
  select: 'd.id, d.updated_at as at',
  from: 'dossier d',
  key: [
    { sql: 'd.updated_at', type: 'timestamptz' },
    { sql: 'd.id', type: 'uuid' },
  ],
  order: 'desc',
  keyOf: ({ at, id }) => [new Date(at).toISOString(), id],
};

// The latest revision holds every word, in any language.
const HOLDS_WORDS = `d.id in (
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
  { stages, kinds, search }: DossierFilter,
  request: PageRequest,
  filesOf: (ids: string[]) => Promise<DossierFile[]>,
): Promise<Page<DossierFile>> {
  const conditions = [
    ...(search?.trim() ? [{ sql: HOLDS_WORDS, values: [search] }] : []),
    ...(stages ? [oneOf('d.stage', stages)] : []),
    ...(kinds ? [oneOf('d.kind', kinds)] : []),
  ];
  return sqlPage(em, LAST_CHANGED, conditions, request, filesOf);
}

/** How many urgent publications wait for their second signature longer than they may. */
export const overdueSignatures = (em: EntityManager, now: Date): Promise<number> =>
  em.count(Dossier, { cosignDueAt: { $lt: now } });
