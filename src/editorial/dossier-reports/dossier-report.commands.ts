import type { EntityManager } from '@mikro-orm/postgresql';
import { invalidInput } from '../../errors.ts';
import { reportStates } from '../../reports/report.queries.ts';
import type { DossierRow } from '../dossier/dossier.entity.ts';
import { DossierReport } from './dossier-report.entity.ts';

/**
 * Links a dossier with exactly the reports that its content names, inside the caller's transaction. INVALID_INPUT names
 * every id that is not a report's.
 */
export async function linkReports(em: EntityManager, dossier: DossierRow, reportIds: readonly string[]): Promise<void> {
  const known = await reportStates(em, reportIds, new Date(0));
  const missing = reportIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ path: `input.reportIds.${index}`, message: 'must be the id of a report' }],
  );
  if (missing.length > 0) throw invalidInput(missing);
  const links = await em.find(DossierReport, { dossier });
  for (const link of links) if (!reportIds.includes(link.report.id)) em.remove(link);
  const linked = new Set(links.map(({ report }) => report.id));
  for (const report of reportIds) if (!linked.has(report)) em.create(DossierReport, { dossier, report });
}
