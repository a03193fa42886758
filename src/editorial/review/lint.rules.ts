import type { Content } from '../../publications/content/content.ts';
import { type LintFinding, lintShared } from '../../publications/content/lint.rules.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { ReportState } from '../../reports/report.rules.ts';
import { reportFindings } from '../dossier-reports/dossier-report.rules.ts';

/** All findings on a content: shared rules first, then the kind's, then what it says of the reports in these states. */
export const findingsOf = (
  kind: PublicationKind,
  content: Content,
  states: ReadonlyMap<string, ReportState>,
  now: Date,
): LintFinding[] => [
  ...lintShared(content),
  ...kindOf(kind).lint(content, now),
  ...reportFindings(content.reportIds, states),
];

/** An urgent publication whose second signature is overdue (I-01): shown on the desk, never taken back by itself. */
export const signatureFindings = ({ cosignDueAt }: { cosignDueAt?: Date | null }, now: Date): LintFinding[] =>
  cosignDueAt && cosignDueAt <= now
    ? [
        {
          rule: 'I-01',
          level: 'WARNING',
          path: '',
          message: 'Publication urgente : la contresignature d’un second valideur est en retard.',
        },
      ]
    : [];
