import type { EntityManager } from '@mikro-orm/postgresql';
import type { LintFinding } from '../../publications/content/lint.rules.ts';
import { reportStates } from '../../reports/report.queries.ts';
import { canRestOn } from '../../reports/report.rules.ts';
import { DossierReport } from './dossier-report.entity.ts';

/** The ids of the dossiers that rest on a report, oldest first. */
export async function dossiersRestingOn(em: EntityManager, reportId: string): Promise<string[]> {
  const links = await em.find(DossierReport, { report: reportId }, { orderBy: { dossier: 'asc' } });
  return links.map(({ dossier }) => dossier.id);
}

/**
 * What the linter says of the reports that a content rests on at a moment (I-11): each must be confirmed, at least in
 * part. The same finding shows on a public dossier whose report was refuted since. `hold`
 * keeps the reports as they are until the caller's transaction ends.
 */
export async function reportFindings(
  em: EntityManager,
  reportIds: readonly string[],
  now: Date,
  hold = false,
): Promise<LintFinding[]> {
  const states = await reportStates(em, reportIds, now, hold);
  return reportIds.flatMap((id, index): LintFinding[] => {
    const state = states.get(id);
    if (state && canRestOn(state)) return [];
    return [
      {
        rule: 'I-11',
        level: 'ERROR',
        path: `reportIds.${index}`,
        message:
          state === 'REFUTED'
            ? 'Ce contenu repose sur un signalement réfuté : retirez-le ou corrigez le contenu.'
            : 'Ce contenu repose sur un signalement qui n’est pas confirmé : attendez sa vérification ou retirez-le.',
      },
    ];
  });
}
