import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';

/** The ids of the dossiers that rest on each of these reports, oldest first. */
export async function dossiersRestingOn(
  em: EntityManager,
  reportIds: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const rows = await sqlIn(em)<{ report: string; dossiers: string[] }>(
    `select report_id as report, array_agg(dossier_id order by dossier_id) as dossiers from dossier_report
     where report_id in (?) group by 1`,
    [reportIds],
  );
  return new Map(rows.map(({ report, dossiers }) => [report, dossiers]));
}
