import type { LintFinding } from '../../publications/content/lint.rules.ts';
import { canRestOn, type ReportState } from '../../reports/report.rules.ts';

/**
 * What the linter says of the reports that a content rests on (I-11): each must be confirmed, at least in part. The same
 * finding shows on a public dossier whose report was refuted since. An id without a state is no report's.
 */
export const reportFindings = (reportIds: readonly string[], states: ReadonlyMap<string, ReportState>): LintFinding[] =>
  reportIds.flatMap((id, index): LintFinding[] => {
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
