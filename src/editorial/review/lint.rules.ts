import type { Content } from '../../publications/content/content.ts';
import { type LintFinding, lintShared } from '../../publications/content/lint.rules.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { ReportState } from '../../reports/report.rules.ts';
import { reportFindings } from '../dossier-reports/dossier-report.rules.ts';
import { type SignatureNeed, signaturesInFrench } from '../signatures/needs.rules.ts';

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

interface Cosigned {
  cosignDueAt: Date | null;
  cosignaturesMissing: readonly SignatureNeed[];
}

/**
 * An urgent publication whose second signature is overdue (I-01), or which left without one that a rule asks for (I-45): shown on the
 * desk, never taken back by itself.
 */
export const signatureFindings = ({ cosignDueAt, cosignaturesMissing }: Cosigned, now: Date): LintFinding[] => [
  ...(cosignDueAt && cosignDueAt <= now
    ? [warning('I-01', 'Publication urgente : la contresignature d’un second valideur est en retard.')]
    : []),
  ...(cosignaturesMissing.length > 0
    ? [warning('I-45', `Publié en urgence sans ${signaturesInFrench(cosignaturesMissing)}.`)]
    : []),
];

const warning = (rule: string, message: string): LintFinding => ({ rule, level: 'WARNING', path: '', message });
