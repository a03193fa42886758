import type { Content } from '../../publications/content/content.ts';
import { type LintFinding, lintShared } from '../../publications/content/lint.rules.ts';
import type { ConfirmedOrder } from '../../publications/decision/confirmation.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { ReportState } from '../../reports/report.rules.ts';
import { reportFindings } from '../dossier-reports/dossier-report.rules.ts';
import { type SignatureNeed, signaturesInFrench } from '../signatures/needs.rules.ts';

/** All that the desk knows beside a content. */
export interface KnownBeside {
  /** The states of the reports that it rests on, by their ids. */
  states: ReadonlyMap<string, ReportState>;
  /** The oral order of its thread that was confirmed; null where none is. */
  confirmed: ConfirmedOrder | null;
}

/** All findings on a content: shared rules first, then the kind's, then what it says of its reports. */
export const findingsOf = (
  kind: PublicationKind,
  content: Content,
  { states, confirmed }: KnownBeside,
  now: Date,
): LintFinding[] => [
  ...lintShared(content),
  ...kindOf(kind).lint(content, now, confirmed),
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
