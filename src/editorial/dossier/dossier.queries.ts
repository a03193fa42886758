import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { sqlIn } from '../../database/sql-in.ts';
import { ID_PART, Keyset, MILLISECONDS_PART, type PageInfo } from '../../graphql/page.rules.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import { Dossier } from './dossier.entity.ts';
import type { Stage } from './stage.rules.ts';

export interface DossierFilter {
  stages?: Stage[] | null;
  kinds?: PublicationKind[] | null;
  /** French words; accents and case do not matter. */
  search?: string | null;
}

const LAST_CHANGED = new Keyset(z.tuple([MILLISECONDS_PART, ID_PART]));

// The latest revision holds every word, in any language.
const HOLDS_WORDS = `d.id in (
  select latest.dossier_id from (
    select distinct on (dossier_id) dossier_id, content from revision order by dossier_id, number desc, created_at desc
  ) latest
  where search_vector((latest.content->'texts')::text) @@ search_query(?))`;

/** The ids of a page of dossiers, last changed first. INVALID_INPUT for a cursor that cannot be. */
export async function dossierPage(
  em: EntityManager,
  { stages, kinds, search }: DossierFilter,
  first: number,
  after: string | null,
): Promise<{ ids: string[]; pageInfo: PageInfo }> {
  const [millis, id] = after ? LAST_CHANGED.keyOf(after) : [];
  const where = [
    ...(search?.trim() ? [{ sql: HOLDS_WORDS, values: [search] }] : []),
    ...(stages ? [oneOf('d.stage', stages)] : []),
    ...(kinds ? [oneOf('d.kind', kinds)] : []),
    ...(millis === undefined ? [] : [{ sql: '(d.updated_at, d.id) < (?, ?::uuid)', values: [new Date(millis), id] }]),
  ];
  const found = await sqlIn(em)<{ id: string; at: string }>(
    `select d.id, d.updated_at as at from dossier d
     where ${['true', ...where.map(({ sql }) => sql)].join(' and ')} order by d.updated_at desc, d.id desc limit ?`,
    [...where.flatMap(({ values }) => values), first + 1],
  );
  const { rows, pageInfo } = LAST_CHANGED.pageOf(found, first, (row) => [new Date(row.at).getTime(), row.id]);
  return { ids: rows.map((row) => row.id), pageInfo };
}

const oneOf = (column: string, names: readonly string[]): { sql: string; values: unknown[] } =>
  names.length === 0 ? { sql: 'false', values: [] } : { sql: `${column} in (?)`, values: [names] };

/** How many urgent publications wait for their second signature longer than they may. */
export const overdueSignatures = (em: EntityManager, now: Date): Promise<number> =>
  em.count(Dossier, { cosignDueAt: { $lt: now } });
